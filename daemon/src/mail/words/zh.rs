//! Letters in Chinese.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "如果按钮无法使用，请将此链接复制到浏览器中：",
    footer: "此邮件由 {server}（{url}）自动发送，回复无人查看。",
    not_you: "如果不是你本人操作，请立即更改密码并告知服务器管理员。",
    reset_subject: "重置你在 {server} 的密码",
    reset_text: "有人为你在 {server} 的帐号申请了新密码。你可以通过此链接设置新密码。链接只能使用一次，有效期至 {until}。",
    reset_button: "设置新密码",
    reset_after: "如果不是你本人操作，请不要理会：你的密码保持不变。",
    verify_subject: "确认你在 {server} 的邮箱地址",
    verify_text: "请确认此邮箱地址属于你在 {server} 的帐号。链接有效期至 {until}。",
    verify_button: "确认邮箱地址",
    verify_after: "如果你在 {server} 没有帐号，请不要理会。",
    address_subject: "你在 {server} 的邮箱地址已更改",
    address_text: "你在 {server} 的帐号的邮箱地址现为 {mail}。今后的邮件将发送到该地址。",
    password_subject: "你在 {server} 的密码已更改",
    password_text: "你在 {server} 的帐号密码已更改（{at}），所有已登录的设备都已退出。",
    device_subject: "你在 {server} 的帐号有新的登录",
    device_text: "有人从未曾使用过的设备登录了你在 {server} 的帐号。\n时间：{at}\n网络地址：{address}\n设备：{device}",
    device_button: "查看你的设备",
    invitation_subject: "邀请你加入 {server}",
    invitation_text: "你受邀在 {server} 创建帐号。链接只能使用一次，有效期至 {until}。",
    invitation_button: "创建帐号",
    invitation_after: "如果你不清楚此事，请不要理会。",
};
