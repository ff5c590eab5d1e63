/** Her sayfanın Türkçe sözleri. */
import type { page as english } from '../en/page';
import { grammar } from '../grammar';

const { plural } = grammar('tr');

export const page: typeof english = {
  appName: 'Bedrud',
  common: {
    copy: 'Bağlantıyı kopyala',
    copied: 'Bağlantı kopyalandı',
    cancel: 'Vazgeç',
    close: 'Kapat',
    retry: 'Yeniden dene',
    undo: 'Geri al',
    save: 'Kaydet',
    settings: 'Ayarlar',
    administration: 'Yönetim',
    yourRooms: 'Odalarınız',
    startPage: 'Ana sayfa',
    signIn: 'Oturum aç',
    signOut: 'Oturumu kapat',
    signUp: 'Hesap oluştur',
    unreachable: 'Sunucu yanıt vermiyor. Bağlantınızı denetleyip yeniden deneyin.',
    unexpected: 'Sunucu bunu yapamadı. Birazdan yeniden deneyin.',
    tooMany: (seconds) =>
      plural(seconds, {
        one: 'Çok fazla deneme yapıldı. # saniye sonra yeniden deneyin.',
        other: 'Çok fazla deneme yapıldı. # saniye sonra yeniden deneyin.',
      }),
  },
  start: {
    title: 'Toplantıya katıl',
    lead: 'Size gönderilen bağlantıyı yapıştırın ya da odanın adını yazın.',
    field: 'Bağlantı ya da oda adı',
    join: 'Katıl',
    recent: 'Bu tarayıcıda son kullanılanlar',
    forget: (room) => `${room} odasını unut`,
    notARoom:
      'Bu bir oda değil: adlar 3 ile 63 arası küçük harf, rakam ve kısa çizgiden oluşur, örneğin design-review.',
    otherServer: (host) => `Bu bağlantı ${host} sunucusuna ait. Orada açın.`,
    run: (host, name) =>
      name
        ? `${host} sunucusunu ${name} işletiyor. Toplantılar yalnızca bu sunucudan geçer.`
        : `Toplantılar yalnızca ${host} üzerinden geçer.`,
    setup: 'Bu sunucunun henüz yöneticisi yok. Başlarken yazdırdığı kurulum bağlantısını açın.',
  },
  language: 'Dil',
  notFound: {
    title: 'Bu adreste bir şey yok',
    body: 'Bağlantıyı denetleyin ya da baştan başlayın.',
  },
  broken: {
    title: 'Bu sayfa yüklenemedi',
    body: 'Bağlantınızı denetleyip yeniden deneyin. Size ait hiçbir şey kaybolmadı.',
  },
};
