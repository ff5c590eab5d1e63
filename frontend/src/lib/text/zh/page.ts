/** 每个页面都要用的中文。 */
import type { page as english } from '../en/page';
import { grammar } from '../grammar';

const { number } = grammar('zh');

export const page: typeof english = {
  appName: 'Bedrud',
  common: {
    copy: '复制链接',
    copied: '链接已复制',
    cancel: '取消',
    close: '关闭',
    retry: '重试',
    undo: '撤销',
    save: '保存',
    settings: '设置',
    administration: '管理',
    yourRooms: '你的房间',
    startPage: '首页',
    signIn: '登录',
    signOut: '退出登录',
    signUp: '注册账号',
    unreachable: '服务器没有回应。请检查网络连接后重试。',
    unexpected: '服务器没能完成。请稍后重试。',
    tooMany: (seconds) => `尝试次数过多。请在 ${number(seconds)} 秒后重试。`,
  },
  start: {
    title: '加入会议',
    lead: '粘贴你收到的链接，或输入房间名。',
    field: '链接或房间名',
    join: '加入',
    recent: '此浏览器最近用过的房间',
    forget: (room) => `忘记 ${room}`,
    notARoom: '这不是房间：房间名由 3 到 63 个小写字母、数字和连字符组成，例如 design-review。',
    otherServer: (host) => `这个链接属于 ${host}。请在那里打开。`,
    run: (host, name) => (name ? `${host} 由 ${name} 运行。会议只经过这台服务器。` : `会议只经过 ${host}。`),
    setup: '这台服务器还没有管理员。请打开它启动时给出的设置链接。',
  },
  language: '语言',
  notFound: {
    title: '这个地址没有内容',
    body: '请检查链接，或从首页开始。',
  },
  broken: {
    title: '页面没能载入',
    body: '请检查网络连接后重试。你的东西都还在。',
  },
};
