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
};
