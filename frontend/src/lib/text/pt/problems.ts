/** As frases portuguesas das falhas, pelo código da resposta do servidor. */
import type { problems as english } from '../en/problems';

export const problems: typeof english = {
  name_invalid:
    'Este nome não pode ser usado. Precisa de pelo menos 2 caracteres visíveis e de 50 no máximo.',
  title_invalid: 'Uma sala não pode ter esse nome. Use no máximo 80 caracteres visíveis, ou deixe vazio.',
  mail_invalid: 'Isto não é um endereço de e-mail. Deve ser parecido com anna@example.org.',
  mail_taken: 'Este endereço de e-mail já está em uso.',
  password_wrong: 'Sua senha atual não está certa.',
  password_needed: 'Para mudar o e-mail é preciso a sua senha atual.',
  password_invalid: 'Uma senha tem de 12 a 128 caracteres.',
  registration_refused: 'Não foi possível criar uma conta com este endereço. Se já tem uma, entre nela.',
  passkey_refused: 'Esta chave de acesso não abre nenhuma conta aqui. Tente de novo ou use sua senha.',
  passkey_invalid: 'A chave de acesso não foi criada. Tente de novo.',
  passkey_copied: 'Pode haver uma cópia desta chave de acesso. Entre de outra forma e remova-a.',
  passkeys_off: 'Este servidor não aceita chaves de acesso.',
  last_way_in: 'É a sua única forma de entrar. Defina primeiro uma senha ou adicione outra chave de acesso.',
  provider_unknown: 'Este servidor não conhece essa forma de entrar. Escolha outra.',
  provider_unreachable: 'O outro serviço não responde no momento. Tente mais tarde ou entre de outra forma.',
  provider_invalid: 'A resposta do outro serviço não é confiável. Tente mais tarde ou entre de outra forma.',
  provider_refused: 'O outro serviço recusa este servidor. Avise o administrador e entre de outra forma.',
  provider_denied: 'Você não deu permissão no outro serviço. Tente de novo ou entre de outra forma.',
  sign_in_stale: 'Esta entrada já foi usada, demorou demais ou começou em outro navegador. Comece de novo.',
  provider_mail_unverified: 'O outro serviço não diz que o endereço de e-mail é seu. Confirme-o lá primeiro.',
  provider_mail_missing:
    'O outro serviço não informa o seu endereço de e-mail. Permita isso lá ou entre de outra forma.',
  provider_mail_held:
    'Já existe aqui uma conta com o seu endereço de e-mail. Entre nela de outra forma e vincule as duas nas configurações.',
  provider_linked_elsewhere:
    'Aquela conta está vinculada aqui a outra pessoa. Entre com ela e desvincule-a primeiro nas configurações.',
  provider_not_allowed:
    'Você não está em nenhum dos grupos que podem entrar aqui. Fale com o administrador deste servidor.',
  links_many: 'Você não pode vincular mais contas. Remova uma primeiro.',
  invitation_invalid: 'Este convite expirou, já foi usado ou é para outro endereço de e-mail. Peça outro.',
  proof_needed: 'Digite sua senha, ou entre de novo com a chave de acesso e exclua em seguida.',
  account_disabled: 'Esta conta está desativada. Fale com o administrador deste servidor.',
  setup_token_wrong:
    'Este link de instalação não está certo. Abra por inteiro o último que o servidor mostrou.',
  setup_done: 'Este servidor já está instalado. Entre na sua conta.',
  room_quota: 'Você já tem todas as salas que este servidor permite. Exclua uma primeiro.',
  room_name_taken: 'Já existe uma sala com esse nome. Escolha outro.',
  max_participants_invalid: 'Este servidor não permite salas desse tamanho.',
  invitation_unknown: 'Este convite não é para esta sala. Confira o link inteiro.',
  invitation_revoked: 'Este convite foi retirado. Peça outro.',
  invitation_expired: 'Este convite expirou. Peça outro.',
  invitation_used: 'Este convite já foi usado. Peça outro.',
  webhook_url_invalid:
    'Só um URL completo pode ser chamado, com http ou https e um servidor, sem nome nem senha.',
  webhook_address_refused:
    'Este URL leva a esta máquina ou à rede dela. Use um da Internet, ou permita essa rede com webhooks.allowedNetworks na configuração.',
  webhook_quota: 'Já há tantos webhooks quantos pode haver. Apague um primeiro.',
};
