import { expect, test } from 'vitest';
import { Seats } from './seats';

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);

/** A room of so many, a page of 25, oneself first; speech is told in steps of 100 ms, as it comes. */
function meeting(count: number, size = 25) {
  const seats = new Seats();
  let present = names(count);
  let now = 0;
  const look = (...speaking: string[]) =>
    seats.look({ present, speaking: new Set(speaking), fixed: new Set(['p0']), size, now });
  look();
  return {
    seats,
    look,
    page: () => seats.order.slice(0, size),
    for(ms: number, ...speaking: string[]) {
      for (const end = now + ms; now < end;) {
        now += 100;
        look(...speaking);
      }
    },
    change: (next: string[]) => {
      present = next;
      look();
    },
  };
}

test('nobody moves while those on the page speak, and while others only say a word', () => {
  const room = meeting(60);
  const before = room.seats.order;
  room.for(5000, 'p3');
  room.for(3000, 'p4', 'p20');
  room.for(1900, 'p40');
  room.for(1000);
  room.for(1900, 'p41');
  expect(room.seats.order).toBe(before);
});

test('who speaks for two seconds off the page takes one seat, and all others keep theirs', () => {
  const room = meeting(60);
  const before = room.seats.order;
  room.for(2200, 'p40');
  const moved = room.seats.order.filter((one, seat) => one !== before[seat]);
  expect(moved.sort()).toEqual(['p24', 'p40']);
  expect(room.page()).toContain('p40');
  const seated = room.seats.order;
  room.for(10_000, 'p40');
  expect(room.seats.order).toBe(seated);
});

test('a breath does not begin the two seconds anew, a pause does', () => {
  const room = meeting(60);
  room.for(1200, 'p40');
  room.for(500);
  room.for(600, 'p40');
  expect(room.page()).toContain('p40');
  room.for(1200, 'p50');
  room.for(1500);
  room.for(1200, 'p50');
  expect(room.page()).not.toContain('p50');
});

test('the one who has been silent longest gives way, never oneself and never a speaker', () => {
  const room = meeting(5, 3);
  room.for(300, 'p1');
  room.for(300, 'p2');
  room.for(2300, 'p4');
  expect(room.page()).toEqual(['p0', 'p4', 'p2']);
  room.for(2300, 'p3', 'p4');
  expect(room.page()).toEqual(['p0', 'p4', 'p3']);
});

test('the look that seats a speaker is asked for, so that no other event is needed', () => {
  const room = meeting(60);
  expect(room.look()).toBeUndefined();
  expect(room.look('p40')).toBe(2000);
});

test('when somebody on the first page leaves, only their seat is filled, by who spoke last', () => {
  const room = meeting(60);
  room.for(300, 'p50');
  room.change(names(60).filter((one) => one !== 'p7'));
  expect(room.page()).toEqual(names(25).map((one) => (one === 'p7' ? 'p50' : one)));
});

test('who comes sits at the end', () => {
  const room = meeting(4);
  room.change([...names(4), 'new']);
  expect(room.seats.order).toEqual([...names(4), 'new']);
});

test('the pages behind are in order of last speech when one turns to them', () => {
  const room = meeting(30);
  room.for(200, 'p28');
  room.for(200, 'p27');
  room.seats.sortRest(25);
  expect(room.seats.order.slice(25)).toEqual(['p27', 'p28', 'p25', 'p26', 'p29']);
});
