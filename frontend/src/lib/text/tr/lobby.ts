/** Bekleme odasının Türkçe sözleri: içeri alınmayı bekleyenler ve içeri alanlar için. */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number, plural } = grammar('tr');

export const lobby: typeof english = {
  about: 'Bu odaya kimin gireceğine bir moderatör karar verir.',
  ask: 'Katılmak için sor',
  title: 'İçeri alınmayı bekliyorsunuz',
  only: 'Başka bekleyen yok.',
  place: (place, waiting) => `Bekleyen ${number(waiting)} kişi içinde ${number(place)}. sıradasınız.`,
  inside: 'İçeride bir moderatör var ve burada olduğunuzu biliyor.',
  nobody: 'Sizi içeri alabilecek kimse henüz içeride değil. Burada kalın: gelir gelmez sizi görür.',
  stop: 'Beklemeyi bırak',
  knocks: (name) => `${name} içeri alınmayı bekliyor`,
  several: (count) =>
    plural(count, { one: '# kişi içeri alınmayı bekliyor', other: '# kişi içeri alınmayı bekliyor' }),
  admit: 'İçeri al',
  admitAll: 'Herkesi içeri al',
  refuse: 'İçeri alma',
  heading: (count) => `İçeri alınmayı bekleyenler (${number(count)})`,
  admitted: (name) => `${name} girebilir.`,
  refused: (name) => `${name} içeri alınmadı.`,
  allAdmitted: 'Bekleyen herkes girebilir.',
  show: 'Bekleyenleri göster',
  lock: 'Toplantıyı kilitle',
  lockHint: 'Bundan sonra gelen, içeri alınmayı bekler.',
  unlock: 'Toplantının kilidini aç',
  locked: 'Toplantı kilitli: şimdi gelen, içeri alınmayı bekler.',
  unlocked: 'Toplantının kilidi açıldı.',
  key: 'İlk bekleyeni içeri al',
  button: (people, waiting) => `Kişiler (P), içeride ${number(people)}, bekleyen ${number(waiting)}`,
};
