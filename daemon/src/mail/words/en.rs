//! Letters in English.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "If the button does not work, copy this link into your browser:",
    footer: "Sent automatically by {server} ({url}). Nobody reads replies to this mail.",
    not_you: "If this was not you, change your password at once and tell the administrator of the server.",
    reset_subject: "Reset your password for {server}",
    reset_text: "Somebody asked for a new password for your account on {server}. With this link you choose one. It works once, until {until}.",
    reset_button: "Choose a new password",
    reset_after: "If this was not you, do nothing: your password stays as it is.",
    verify_subject: "Confirm your mail address for {server}",
    verify_text: "Please confirm that this mail address belongs to your account on {server}. The link works until {until}.",
    verify_button: "Confirm mail address",
    verify_after: "If you have no account on {server}, do nothing.",
    address_subject: "Your mail address for {server} was changed",
    address_text: "Your account on {server} now has the mail address {mail}. From now on its mail goes there.",
    password_subject: "Your password for {server} was changed",
    password_text: "The password of your account on {server} was changed ({at}), and all devices that were signed in are signed out.",
    device_subject: "New sign-in to your account on {server}",
    device_text: "Somebody signed in to your account on {server} from a device that was not used before.\nTime: {at}\nNetwork address: {address}\nDevice: {device}",
    device_button: "See your devices",
    invitation_subject: "You are invited to {server}",
    invitation_text: "You are invited to make an account on {server}. The link works once, until {until}.",
    invitation_button: "Make an account",
    invitation_after: "If you do not know what this is about, do nothing.",
};
