/** Hataların Türkçe cümleleri, sunucunun yanıtındaki koda göre. */
import type { problems as english } from '../en/problems';

export const problems: typeof english = {
  name_invalid: 'Bu ad kullanılamaz. En az 2 görünür karakteri olmalı, en çok 50.',
  title_invalid: 'Bir odanın adı bu olamaz. En çok 80 görünür karakter yazın ya da boş bırakın.',
  mail_invalid: 'Bu bir e-posta adresi değil. anna@example.org gibi olmalı.',
  mail_taken: 'Bu e-posta adresi zaten kullanılıyor.',
  password_wrong: 'Şimdiki parolanız doğru değil.',
  password_needed: 'E-posta adresini değiştirmek için şimdiki parolanız gerekir.',
  password_invalid: 'Parola 12 ile 128 karakter arasında olur.',
  registration_refused: 'Bu adresle hesap oluşturulamadı. Hesabınız varsa oturum açın.',
  passkey_refused: 'Bu geçiş anahtarı burada bir hesap açmıyor. Yeniden deneyin ya da parolanızı kullanın.',
  passkey_invalid: 'Geçiş anahtarı oluşturulmadı. Yeniden deneyin.',
  passkey_copied: 'Bu geçiş anahtarının bir kopyası olabilir. Başka yolla oturum açıp onu kaldırın.',
  passkeys_off: 'Bu sunucu geçiş anahtarı kabul etmiyor.',
  last_way_in: 'Bu, tek giriş yolunuz. Önce bir parola belirleyin ya da başka bir geçiş anahtarı ekleyin.',
  provider_unknown: 'Bu sunucu bu giriş yolunu bilmiyor. Başka birini seçin.',
  provider_unreachable:
    'Diğer hizmet şu anda yanıt vermiyor. Daha sonra deneyin ya da başka yolla oturum açın.',
  provider_invalid:
    'Diğer hizmetin yanıtına güvenilemiyor. Daha sonra deneyin ya da başka yolla oturum açın.',
  provider_refused: 'Diğer hizmet bu sunucuyu reddediyor. Yöneticiye bildirin ve başka yolla oturum açın.',
  provider_denied: 'Diğer hizmette onay vermediniz. Yeniden deneyin ya da başka yolla oturum açın.',
  sign_in_stale:
    'Bu oturum açma kullanılmış, çok uzun sürmüş ya da başka bir tarayıcıda başlamış. Baştan başlayın.',
  provider_mail_unverified:
    'Diğer hizmet, e-posta adresinizin sizin olduğunu söylemiyor. Önce orada onaylayın.',
  provider_mail_missing:
    'Diğer hizmet e-posta adresinizi bildirmiyor. Orada izin verin ya da başka yolla oturum açın.',
  provider_mail_held:
    'Burada e-posta adresinizle bir hesap var. Ona başka yolla girin ve ikisini ayarlarında bağlayın.',
  provider_linked_elsewhere:
    'O hesap burada başka birine bağlı. Onunla oturum açın ve önce ayarlardan bağını kaldırın.',
  provider_not_allowed: 'Buraya girebilen gruplardan hiçbirinde değilsiniz. Sunucunun yöneticisine sorun.',
  links_many: 'Daha fazla hesap bağlayamazsınız. Önce birini kaldırın.',
  invitation_invalid:
    'Bu davetin süresi dolmuş, kullanılmış ya da başka bir e-posta adresi için. Yenisini isteyin.',
  proof_needed: 'Parolanızı yazın ya da geçiş anahtarınızla yeniden oturum açıp sonra silin.',
  account_disabled: 'Bu hesap kapatılmış. Sunucunun yöneticisine sorun.',
  setup_token_wrong: 'Bu kurulum bağlantısı doğru değil. Sunucunun en son yazdırdığını eksiksiz açın.',
  setup_done: 'Bu sunucu zaten kurulmuş. Oturum açın.',
  room_quota: 'Bu sunucunun izin verdiği kadar odanız var. Önce birini silin.',
  room_name_taken: 'Bu adda bir oda zaten var. Başka bir ad seçin.',
  max_participants_invalid: 'Bu sunucu o büyüklükte odalara izin vermiyor.',
  invitation_unknown: 'Bu davet bu oda için değil. Bağlantının tamamını kontrol edin.',
  invitation_revoked: 'Bu davet geri alındı. Başka bir tane isteyin.',
  invitation_expired: 'Bu davetin süresi doldu. Başka bir tane isteyin.',
  invitation_used: 'Bu davet kullanılmış. Başka bir tane isteyin.',
  webhook_url_invalid:
    'Yalnızca tam bir URL çağrılabilir: http veya https ve bir sunucu ile, ad ve parola olmadan.',
  webhook_address_refused:
    'Bu URL bu makineye ya da ağına götürüyor. İnternetten bir adres verin ya da yapılandırmada webhooks.allowedNetworks ile bu ağa izin verin.',
  webhook_quota: 'İzin verildiği kadar webhook var. Önce birini silin.',
};
