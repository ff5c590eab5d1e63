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
  problems: {
    name_invalid: '这个名字不能用。至少要有 2 个看得见的字符，最多 50 个。',
    title_invalid: '房间不能叫这个名字。最多 80 个看得见的字符，也可以留空。',
    mail_invalid: '这不是电子邮件地址。应当类似 anna@example.org。',
    mail_taken: '这个电子邮件地址已被使用。',
    password_wrong: '当前密码不正确。',
    password_needed: '更改邮箱需要输入当前密码。',
    password_invalid: '密码应有 12 到 128 个字符。',
    registration_refused: '无法用这个地址注册。如果已有账号，请直接登录。',
    account_disabled: '这个账号已停用。请联系服务器管理员。',
    setup_token_wrong: '这个设置链接不正确。请完整打开服务器最后给出的那一个。',
    setup_done: '这台服务器已经设置好了。请直接登录。',
    room_quota: '你的房间数已达服务器上限。请先删除一个。',
    room_name_taken: '已有同名的房间。请换一个名字。',
    max_participants_invalid: '这台服务器不允许这么大的房间。',
    invitation_unknown: '这个邀请不是给这个房间的。请检查完整的链接。',
    invitation_revoked: '这个邀请已被收回。请再要一个。',
    invitation_expired: '这个邀请已过期。请再要一个。',
    invitation_used: '这个邀请已被使用。请再要一个。',
  },
  notFound: {
    title: '这个地址没有内容',
    body: '请检查链接，或从首页开始。',
  },
  broken: {
    title: '页面没能载入',
    body: '请检查网络连接后重试。你的东西都还在。',
  },
};
