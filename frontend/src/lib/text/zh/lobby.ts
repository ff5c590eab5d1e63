/** 等候室的中文词语：给等候的人，也给放行的人。 */
import type { lobby as english } from '../en/lobby';
import { grammar } from '../grammar';

const { number } = grammar('zh');

export const lobby: typeof english = {
  about: '进入这个房间需要主持人允许。',
  ask: '请求加入',
  title: '你正在等候进入',
  only: '没有其他人在等候。',
  place: (place, waiting) => `共有 ${number(waiting)} 人等候，你是第 ${number(place)} 位。`,
  inside: '主持人在房间里，已经知道你在这里。',
  nobody: '能让你进入的人还没来。请留在这里：他们一来就会看到你。',
  stop: '不再等候',
  knocks: (name) => `${name} 正在等候进入`,
  several: (count) => `${number(count)} 人正在等候进入`,
  admit: '允许进入',
  admitAll: '允许所有人进入',
  refuse: '不允许进入',
  heading: (count) => `等候进入（${number(count)}）`,
  admitted: (name) => `${name} 可以进入了。`,
  refused: (name) => `没有让 ${name} 进入。`,
  allAdmitted: '所有等候的人都可以进入了。',
  show: '查看谁在等候',
  lock: '锁定会议',
  lockHint: '之后来的人要等候进入。',
  unlock: '解锁会议',
  locked: '会议已锁定：现在来的人要等候进入。',
  unlocked: '会议已解锁。',
  key: '允许最先等候的人进入',
  button: (people, waiting) => `人员（P），在场 ${number(people)} 人，等候 ${number(waiting)} 人`,
};
