# Where strangers tried too often

sign-in-paused = Trop d’essais. Utilisez un navigateur dans lequel vous vous êtes déjà connecté, ou recevez un lien qui autorise celui-ci.
unlock-link = M’envoyer un lien qui autorise ce navigateur

# Asking for a mail

ask-login = Nom d’utilisateur ou adresse e-mail
ask-login-missing = Saisissez votre nom d’utilisateur ou votre adresse e-mail.
ask-send = Envoyer le lien
ask-back = Retour à la connexion
forgot-title = Mot de passe oublié ?
forgot-intro = Saisissez votre nom d’utilisateur ou votre adresse e-mail. Nous envoyons un lien à l’adresse du compte ; il vous permet de choisir un nouveau mot de passe.
unlock-title = Se connecter malgré tout
unlock-intro = Après de nombreux mots de passe erronés, les navigateurs inconnus doivent attendre. Saisissez votre nom d’utilisateur ou votre adresse e-mail, et nous envoyons un lien qui autorise ce navigateur.
sent-title = Consultez votre messagerie
sent-text = Si un tel compte existe, un e-mail est en route vers son adresse. Son lien fonctionne une fois, pendant 15 minutes.
sent-nothing = Rien reçu ? Regardez dans le courrier indésirable, ou vérifiez votre saisie. Nous envoyons au plus trois e-mails par heure.

# A link that opens nothing

link-dead-title = Ce lien ne fonctionne plus
link-dead-text = Il a été utilisé, son délai est écoulé, ou un lien plus récent l’a remplacé. Utilisez toujours l’e-mail le plus récent.
link-ask-new = Demander un nouveau lien

# A new password

reset-title = Choisir un nouveau mot de passe
reset-intro = Pour { $account }. Tous les navigateurs et applications connectés seront déconnectés.
reset-label = Nouveau mot de passe
reset-hint = Quelques mots sans rapport se retiennent bien et se devinent mal : 15 caractères ou plus, 8 avec une seconde étape.
reset-submit = Enregistrer le mot de passe
reset-done-title = Votre mot de passe est changé
reset-done-text = Tous les navigateurs et applications qui étaient connectés ont été déconnectés. Connectez-vous avec le nouveau mot de passe ; votre seconde étape reste la même.
weakness-published = Ce mot de passe a été publié lors d’une fuite de données, et les attaquants l’essaient. Choisissez-en un que vous n’avez jamais utilisé.
weakness-same = C’est le mot de passe que vous avez déjà. Choisissez-en un autre.

# A password that others may know, at the sign-in

renew-title = Choisir un nouveau mot de passe
renew-intro = Pour { $account }. Quelqu’un connaît peut-être votre mot de passe : il n’ouvre rien tant que vous n’en avez pas choisi un autre. Tous les autres navigateurs et applications seront alors déconnectés.
renew-mail-intro = Quelqu’un connaît peut-être le mot de passe de { $account } : il n’ouvre plus rien. Nous envoyons un lien à l’adresse e-mail du compte ; il vous permet d’en choisir un nouveau.

# Pages with one button

open-verify-title = Confirmer votre adresse e-mail ?
open-verify-text = Appuyez sur le bouton pour confirmer que cette adresse est la vôtre.
open-verify-submit = Confirmer
open-verify-done = Votre adresse e-mail est confirmée
open-verify-then = Il n’y a rien d’autre à faire.
open-address-title = Utiliser cette adresse e-mail ?
open-address-text = Désormais les messages du compte { $account } arrivent ici, et l’on peut s’y connecter avec cette adresse. Ne continuez que si ce compte est le vôtre.
open-address-submit = Utiliser cette adresse
open-address-done = Votre adresse e-mail est changée
open-address-then = Nous en avons informé votre adresse précédente.
open-unlock-title = Autoriser ce navigateur ?
open-unlock-text = Vous pourrez alors vous connecter ici, quoi que des inconnus saisissent ailleurs. Ne continuez que dans un navigateur qui est le vôtre.
open-unlock-submit = Autoriser ce navigateur
open-unlock-done = Ce navigateur est autorisé
open-unlock-then = Connectez-vous avec votre mot de passe comme d’habitude.
open-disown-title = Ce n’était pas vous ?
open-disown-text = Alors nous déconnectons aussitôt tous les navigateurs et toutes les applications, nous retirons le mot de passe ainsi que les clés, applications d’authentification et codes de récupération ajoutés depuis, et nous vous envoyons un e-mail pour choisir un nouveau mot de passe.
open-disown-submit = Ce n’était pas moi : tout déconnecter
open-disown-done = Tout est déconnecté
open-disown-then = Votre mot de passe n’est plus valable. Un e-mail pour en choisir un nouveau est en route.
