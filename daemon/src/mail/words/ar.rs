//! Letters in Arabic.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "إذا لم يعمل الزر، فانسخ هذا الرابط إلى متصفحك:",
    footer: "أُرسلت هذه الرسالة تلقائيًا من {server} ({url}). لا أحد يقرأ الردود عليها.",
    not_you: "إذا لم تكن أنت من فعل ذلك، فغيّر كلمة مرورك فورًا وأخبر مدير الخادم.",
    reset_subject: "إعادة تعيين كلمة مرورك في {server}",
    reset_text: "طلب أحدهم كلمة مرور جديدة لحسابك في {server}. بهذا الرابط تختار واحدة. يعمل الرابط مرة واحدة حتى {until}.",
    reset_button: "اختيار كلمة مرور جديدة",
    reset_after: "إذا لم تكن أنت من طلب ذلك، فلا تفعل شيئًا: تبقى كلمة مرورك كما هي.",
    verify_subject: "أكِّد عنوان بريدك الإلكتروني لـ {server}",
    verify_text: "يرجى تأكيد أن عنوان البريد الإلكتروني هذا يخص حسابك في {server}. يعمل الرابط حتى {until}.",
    verify_button: "تأكيد عنوان البريد",
    verify_after: "إذا لم يكن لديك حساب في {server}، فلا تفعل شيئًا.",
    address_subject: "تغيّر عنوان بريدك الإلكتروني في {server}",
    address_text: "أصبح عنوان البريد الإلكتروني لحسابك في {server} هو {mail}. من الآن فصاعدًا تُرسل رسائله إلى هناك.",
    password_subject: "تغيّرت كلمة مرورك في {server}",
    password_text: "تغيّرت كلمة مرور حسابك في {server} ({at})، وسُجِّل خروج جميع الأجهزة.",
    device_subject: "تسجيل دخول جديد إلى حسابك في {server}",
    device_text: "سجّل أحدهم الدخول إلى حسابك في {server} من جهاز لم يُستخدم من قبل.\nالوقت: {at}\nعنوان الشبكة: {address}\nالجهاز: {device}",
    device_button: "عرض أجهزتك",
    invitation_subject: "أنت مدعو إلى {server}",
    invitation_text: "أنت مدعو إلى إنشاء حساب في {server}. يعمل الرابط مرة واحدة حتى {until}.",
    invitation_button: "إنشاء حساب",
    invitation_after: "إذا كنت لا تعرف ما هذا، فلا تفعل شيئًا.",
};
