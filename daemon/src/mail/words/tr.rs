//! Letters in Turkish.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "Düğme çalışmazsa bu bağlantıyı tarayıcınıza kopyalayın:",
    footer: "{server} ({url}) tarafından otomatik olarak gönderildi. Bu iletiye verilen yanıtları kimse okumaz.",
    not_you: "Bunu siz yapmadıysanız parolanızı hemen değiştirin ve sunucu yöneticisine haber verin.",
    reset_subject: "{server} parolanızı sıfırlayın",
    reset_text: "Birisi {server} üzerindeki hesabınız için yeni bir parola istedi. Bu bağlantıyla yeni bir parola belirlersiniz. Bağlantı bir kez, {until} tarihine kadar geçerlidir.",
    reset_button: "Yeni parola belirle",
    reset_after: "Bunu siz istemediyseniz hiçbir şey yapmayın: parolanız olduğu gibi kalır.",
    verify_subject: "{server} için e-posta adresinizi doğrulayın",
    verify_text: "Lütfen bu e-posta adresinin {server} üzerindeki hesabınıza ait olduğunu doğrulayın. Bağlantı {until} tarihine kadar geçerlidir.",
    verify_button: "E-posta adresini doğrula",
    verify_after: "{server} üzerinde hesabınız yoksa hiçbir şey yapmayın.",
    address_subject: "{server} e-posta adresiniz değiştirildi",
    address_text: "{server} üzerindeki hesabınızın e-posta adresi artık {mail}. Bundan sonraki iletiler oraya gönderilir.",
    password_subject: "{server} parolanız değiştirildi",
    password_text: "{server} üzerindeki hesabınızın parolası değiştirildi ({at}); oturumu açık olan tüm cihazların oturumu kapatıldı.",
    device_subject: "{server} hesabınızda yeni oturum açıldı",
    device_text: "Birisi {server} üzerindeki hesabınızda daha önce kullanılmamış bir cihazdan oturum açtı.\nZaman: {at}\nAğ adresi: {address}\nCihaz: {device}",
    device_button: "Cihazlarınızı görün",
    invitation_subject: "{server} davetiniz",
    invitation_text: "{server} üzerinde hesap oluşturmaya davet edildiniz. Bağlantı bir kez, {until} tarihine kadar geçerlidir.",
    invitation_button: "Hesap oluştur",
    invitation_after: "Bunun ne olduğunu bilmiyorsanız hiçbir şey yapmayın.",
};
