# Around every page of the account

account-title = Mon compte
account-console = Administration
account-overview = Vue d’ensemble
account-profile = Profil
account-security = Sécurité
account-sessions = Appareils et sessions
account-apps = Applications connectées
account-activity = Activité
account-privacy = Confidentialité
account-cancel = Annuler
account-save = Enregistrer
account-edit = Modifier
account-add = Ajouter
account-manage = Gérer
account-rename = Renommer
account-rename-this = Renommer { $label }
account-remove = Retirer
account-remove-this = Retirer { $label }
account-name = Nom
account-pages = Pages de la liste
account-pages-first = Retour au début
account-pages-next = Page suivante

# When: each stands before or in place of an instant

account-just-now = à l’instant
account-minutes-ago =
    { $count ->
        [one] il y a 1 minute
       *[other] il y a { $count } minutes
    }
account-hours-ago =
    { $count ->
        [one] il y a 1 heure
       *[other] il y a { $count } heures
    }
account-days-ago =
    { $count ->
        [one] il y a 1 jour
       *[other] il y a { $count } jours
    }
account-hours =
    { $count ->
        [one] 1 heure
       *[other] { $count } heures
    }
account-days =
    { $count ->
        [one] 1 jour
       *[other] { $count } jours
    }
account-since = connexion :
account-added = ajout :
account-last-used = dernière utilisation :
account-never-used = jamais utilisée

# Browsers by themselves and in the middle of a sentence

account-browser = { $browser } sous { $system }
account-browser-on = Navigateur inconnu sous { $system }
account-browser-on-within = Navigateur inconnu sous { $system }
account-browser-unknown = Navigateur inconnu
account-browser-unknown-within = Navigateur inconnu

# Said after a change

account-done-profile = Votre profil a été enregistré.
account-done-added = Votre application d’authentification a été ajoutée.
account-done-key-added = Votre clé a été ajoutée.
account-done-renamed = Le nouveau nom a été enregistré.
account-done-removed = Le retrait est fait. Vous avez été déconnecté partout ailleurs.
account-done-codes = Vos nouveaux codes de secours sont valables. Les anciens ne fonctionnent plus.
account-done-session = Cette session est terminée.
account-done-sessions = Vous êtes déconnecté partout ailleurs.
account-done-disowned = Cette session, toutes les autres et leurs applications sont déconnectées.
account-done-device-removed = Cet appareil est retiré, avec tout ce qui y était lié.
account-done-app = L’application n’a plus d’accès.
account-done-kept = Votre compte est conservé.
account-done-password = Votre mot de passe a été modifié. Vous avez été déconnecté partout ailleurs.

# Why a change was not made

account-problem-ten = Vous avez dix applications d’authentification. Retirez-en d’abord une.
account-problem-needed = Votre compte exige une deuxième étape. Ajoutez-en d’abord une autre, puis retirez celle-ci.
account-problem-needed-device = Votre compte exige une deuxième étape, et la seule a été créée sur cet appareil. Ajoutez-en d’abord une autre, puis retirez-le.
account-problem-codes = Les codes de secours remplacent une deuxième étape. Ajoutez-en d’abord une.
account-problem-confirm = Ce n’est pas votre nom d’utilisateur. Saisissez-le tel qu’il est affiché.
account-problem-last = Vous êtes le dernier administrateur. Nommez-en d’abord un autre.
account-problem-this-session = C’est la session dans laquelle vous vous trouvez.
account-problem-label = C’est trop long ou ce n’est pas du texte. Utilisez au plus 64 caractères.
account-problem-label-empty = Il manque un nom. Choisissez-en un qui vous permette de reconnaître la clé.
account-problem-long = C’est trop long. Utilisez au plus 128 caractères.
account-problem-invisible = Le texte contient des caractères que personne ne peut voir. Saisissez-le de nouveau.
account-problem-language = Choisissez l’une des langues proposées.
account-problem-zone = Écrivez le fuseau horaire sous la forme Europe/Berlin, Asia/Tokyo ou UTC.
account-problem-phone = Écrivez le numéro de téléphone avec l’indicatif du pays, par exemple +49 30 1234567.

# The overview

account-unconfirmed = Non confirmée
account-safe = Votre compte est bien protégé
account-safe-how = Il n’y a rien à faire. Revenez de temps en temps voir où vous êtes connecté.
account-safer =
    { $count ->
        [one] Une chose rendrait votre compte plus sûr
       *[other] { $count } choses rendraient votre compte plus sûr
    }
account-made = Compte créé :
account-sign-in-as = Vous vous connectez en tant que { $account }
account-advice-passkey = Ajoutez une clé d’accès
account-advice-passkey-why = Vous vous connectez avec votre empreinte, votre visage ou le code de votre appareil, et personne ne peut vous la soutirer.
account-advice-second = Ajoutez une deuxième étape
account-advice-second-why = Un mot de passe seul peut être volé. Une application d’authentification sur votre téléphone arrête quiconque le possède.
account-advice-second-link = Ajouter une application
account-advice-codes = Créez des codes de secours
account-advice-codes-why = Il ne vous en reste aucun. Sans eux, un téléphone perdu signifie un compte perdu.
account-advice-few = Renouvelez vos codes de secours
account-advice-few-why = Il n’en reste que quelques-uns. De nouveaux codes les remplacent tous.
account-advice-email = Confirmez votre adresse e-mail
account-advice-email-why = Nous n’avons pas vérifié que l’adresse est la vôtre et ne pouvons donc pas vous aider par e-mail.
account-advice-email-link = Voir votre profil

# The profile

account-profile-lead = Ce que les applications apprennent de vous lorsque vous leur montrez votre profil.
account-profile-about = À propos de vous
account-profile-sign-in = Connexion
account-profile-others = Défini par votre organisation
account-profile-others-hint = Seul un administrateur peut modifier ces informations.
account-profile-edit = Modifier votre profil
account-profile-optional = Tout est facultatif ici.
account-not-set = Non renseigné
account-no-email = Aucune
account-confirmed = Confirmée
account-email = Adresse e-mail
account-given-name = Prénom
account-family-name = Nom de famille
account-nickname = Surnom
account-phone = Téléphone
account-phone-hint = Avec l’indicatif du pays, par exemple +49 30 1234567.
account-language = Langue
account-language-none = Comme dans mon navigateur
account-zone = Fuseau horaire
account-zone-hint = Par exemple Europe/Berlin ou Asia/Tokyo.

# Security

account-security-lead = Ce avec quoi vous vous connectez. Chaque modification demande de confirmer de nouveau votre identité.
account-password-due = Choisissez un nouveau mot de passe.
account-password-due-why = Quelqu’un connaît peut-être le vôtre.
account-password-none = Vous n’en avez pas : vous vous connectez sans mot de passe.
account-password-changed = Modification :
account-password-unchanged = Il n’a jamais été modifié.
account-keys = Clés d’accès et clés de sécurité
account-keys-none = Aucune pour l’instant. Avec une clé d’accès, vous vous connectez avec votre empreinte, votre visage ou le code de votre appareil.
account-keys-some =
    { $count ->
        [one] Vous en avez une.
       *[other] Vous en avez { $count }.
    }
account-authenticators = Applications d’authentification
account-authenticators-none = Aucune pour l’instant. Une application sur votre téléphone affiche six chiffres que vous saisissez après votre mot de passe.
account-authenticator-unnamed = Application d’authentification
account-codes = Codes de secours
account-codes-renew = En créer de nouveaux
account-codes-left =
    { $count ->
        [0] Il ne vous en reste aucun. Sans eux, un téléphone perdu signifie un compte perdu.
        [one] Il en reste un. Créez-en bientôt de nouveaux.
       *[other] Il en reste { $count }. Chacun vous permet de vous connecter une fois lorsque vos autres moyens sont perdus.
    }

# Authenticators

account-authenticator-new = Ajouter une application d’authentification
account-authenticator-scan = Scannez l’image avec une application d’authentification sur votre téléphone, puis saisissez les six chiffres qu’elle affiche.
account-authenticator-name-hint = Pour la reconnaître, par exemple « Téléphone du travail ». Ce champ peut rester vide.
account-authenticator-code-hint = Il prouve que l’application fonctionne. Un nouveau code apparaît toutes les 30 secondes.
account-authenticator-rename = Renommer une application d’authentification
account-rename-hint = 64 caractères au plus.
account-remove-title = Retirer { $label } ?
account-remove-elsewhere = Vous êtes déconnecté partout ailleurs, tout comme les applications qui y étaient connectées.
account-authenticator-remove-effect = Ses codes ne fonctionnent plus.

# Passkeys and security keys

account-keys-lead = Des clés qui ne fonctionnent qu’à cette adresse, de sorte que personne ne peut vous les soutirer.
account-keys-own = Vos clés
account-keys-impossible = L’adresse de ce serveur ne permet pas aux navigateurs d’utiliser des clés.
account-key-synced = Clé d’accès, synchronisée entre vos appareils
account-key-here = Clé d’accès, sur ce seul appareil
account-key-touched = Clé de sécurité, pour la deuxième étape
account-key-new = Ajouter une clé d’accès
account-key-new-lead = Votre navigateur va demander où la conserver et comment vous la déverrouillez. Dès lors, votre mot de passe seul n’ouvrira plus rien.
account-key-new-touched = Ajouter une clé de sécurité
account-key-new-touched-lead = Gardez la clé à portée de main. Vous la toucherez après avoir saisi votre mot de passe.
account-key-new-second = Ajouter une clé de sécurité pour la deuxième étape
account-key-name-hint = Pour la reconnaître, par exemple « Téléphone » ou « Clé bleue ». Si ce champ reste vide, elle porte le nom de ce navigateur.
account-key-create = Créer la clé d’accès
account-key-create-touched = Ajouter la clé
account-key-scripts = Les clés exigent un navigateur qui exécute des scripts. Activez-les pour cette page et rechargez-la.
account-key-rename = Renommer une clé
account-key-remove-effect = Elle ne vous connecte plus.
account-key-remove-device = Votre appareil ou votre gestionnaire de mots de passe la propose peut-être encore. Supprimez-la là aussi.

# Recovery codes

account-codes-ask = Créer de nouveaux codes de secours ?
account-codes-ask-ten = Vous recevez dix codes, chacun pour une connexion lorsque vos autres moyens sont perdus.
account-codes-ask-left =
    { $count ->
        [0] Il ne vous en reste aucun pour le moment.
        [one] Celui qui vous reste cesse de fonctionner.
       *[other] Les { $count } qui vous restent cessent de fonctionner.
    }
account-codes-ask-once = Ils ne sont affichés qu’une fois : préparez une imprimante ou un gestionnaire de mots de passe.
account-codes-submit = Créer de nouveaux codes
account-codes-lead = Si vous perdez vos autres moyens de connexion, l’un de ces codes vous permettra de vous connecter. Chacun ne sert qu’une fois. Ils ne sont affichés que maintenant.
account-codes-whose = Codes de secours de { $account } sur { $host }
account-codes-stored = Je les ai conservés

# Sessions and browsers

account-sessions-lead = Là où vous êtes connecté. Si vous ne reconnaissez pas l’une de ces sessions, signalez-la.
account-sessions-here = Sessions ouvertes
account-this-one = Celle-ci
account-session-pending = Inachevée
account-session-from = Depuis
account-session-seen = dernière activité :
account-session-began = Début :
account-session-by = avec { $factors }
account-session-end-this = Déconnecter { $device }
account-session-disown = Ce n’était pas moi
account-session-disown-this = { $device } : ce n’était pas moi
account-session-end-title = Déconnecter « { $device } » ?
account-session-end-effect = Ce navigateur est déconnecté immédiatement, tout comme les applications qui y étaient connectées.
account-disown-title = Ce n’était pas vous ?
account-disown-effect-device = Vous déclarez ne pas vous être connecté avec « { $device } ».
account-disown-effect-others = Cette session se termine immédiatement, ainsi que toutes les autres sauf celle dans laquelle vous vous trouvez.
account-disown-effect-apps = Les applications connectées ailleurs perdent leur accès.
account-disown-effect-browsers = Tout autre navigateur est considéré comme nouveau à sa prochaine connexion.
account-disown-effect-added = Les clés, applications d’authentification et codes de récupération ajoutés depuis cette connexion sont retirés, y compris les vôtres.
account-disown-effect-password = Choisissez ensuite un nouveau mot de passe : quelqu’un connaît peut-être le vôtre.
account-others-end = Se déconnecter partout ailleurs
account-others-title = Se déconnecter partout ailleurs ?
account-others-effect = Vous restez connecté ici. Tous les autres navigateurs sont déconnectés immédiatement, tout comme les applications qui y étaient connectées.
account-devices = Appareils
account-devices-none = Aucun. Un appareil est reconnu une fois que vous vous êtes connecté avec lui.
account-devices-why = Vous vous êtes déjà connecté avec eux : vous n’êtes donc pas averti à leur sujet, et des mots de passe erronés saisis ailleurs ne peuvent pas vous y bloquer. Retirez celui que vous avez perdu ou n’utilisez plus : tout ce qui y est lié prend fin aussitôt.
account-device-signed-in = Connecté
account-session-bound = Liée à cet appareil
account-device-apps = Applications autorisées ici :
account-device-app-bound = Liée à sa clé
account-device-keys = Clés d’accès créées ici :
account-browser-first = Première connexion :
account-browser-last = dernière :
account-device-remove = Retirer
account-device-remove-named = Retirer { $device }
account-device-remove-title = Retirer « { $device } » ?
account-device-remove-this = C’est l’appareil que vous utilisez en ce moment : vous serez déconnecté.
account-device-remove-sessions = Il est déconnecté aussitôt.
account-device-remove-apps = Ce que vous y avez autorisé prend fin, même ce qui fonctionne sans vous : { $names }.
account-device-remove-keys = Les clés d’accès créées là n’ouvrent plus votre compte, où qu’elles aient été copiées : { $names }.
account-device-remove-others = Vous êtes aussi déconnecté de tous les autres appareils : quelqu’un a pu utiliser ces clés ailleurs.
account-device-remove-known = Il est considéré comme nouveau à sa prochaine connexion et redemande la deuxième étape.
account-factor-password = mot de passe
account-factor-authenticator = application d’authentification
account-factor-recovery = code de secours
account-factor-mailed = code par e-mail
account-factor-security-key = clé de sécurité
account-factor-passkey = clé d’accès
account-factor-hardware-key = clé matérielle

# Connected apps

account-apps-lead = Là où vous vous êtes connecté avec ce compte, et ce que chaque application peut faire.
account-apps-none = Aucune application pour l’instant
account-apps-none-text = Lorsque vous vous connectez à une application avec ce compte, elle apparaît ici, et vous pouvez lui retirer son accès.
account-app-remove = Retirer l’accès
account-app-remove-this = Retirer l’accès de { $app }
account-app-remove-title = Retirer l’accès de { $app } ?
account-app-remove-now = Elle ne peut plus agir en votre nom dès cet instant.
account-app-remove-data = Ce qu’elle a enregistré sur vous reste chez elle. Demandez à ses concepteurs de le supprimer.
account-app-remove-again = Elle vous demandera de nouveau votre accord la prochaine fois que vous vous y connecterez.

# Activity

account-activity-lead = Ce qui s’est passé avec votre compte, du plus récent au plus ancien.
account-activity-none = Rien à afficher
account-activity-none-text = Les connexions et les modifications de votre compte apparaissent ici.
account-activity-events = Événements
account-event-app = Une application
account-event-signed-in = Vous vous êtes connecté
account-event-wrong-code = Une personne connaissant votre mot de passe a saisi un code incorrect
account-event-wrong-key = L’une de vos clés n’a pas été acceptée
account-event-wrong-password = Quelqu’un a saisi un mot de passe incorrect pour votre compte
account-event-signed-out = Vous vous êtes déconnecté
account-event-app-signed-in = Connexion à une application : { $app }
account-event-app-robbed = { $app } a été déconnectée : quelqu’un d’autre avait peut-être son accès
account-event-app-gave-back = { $app } a rendu son accès
account-event-app-removed = Vous avez retiré l’accès d’une application : { $app }
account-event-profile = Vous avez modifié votre profil
account-event-session-ended = Vous avez mis fin à une session
account-event-session-ended-by-others = Un administrateur a mis fin à l’une de vos sessions
account-event-disowned = Vous avez signalé une session comme n’étant pas la vôtre
account-event-others-ended = Vous vous êtes déconnecté partout ailleurs
account-event-all-ended = Un administrateur a mis fin à toutes vos sessions
account-event-forgotten = Vous avez fait oublier un navigateur
account-event-key-added = Vous avez ajouté une clé d’accès ou de sécurité
account-event-key-refused = Une clé que vous vouliez ajouter n’a pas été acceptée
account-event-key-renamed = Vous avez renommé une clé
account-event-key-removed = Vous avez retiré une clé d’accès ou de sécurité
account-event-key-copied = L’une de vos clés a peut-être été copiée
account-event-cookies-copied = Quelqu’un a utilisé votre connexion sans la clé de son appareil
account-event-factor-removed-by-others = Un administrateur a retiré l’un de vos facteurs
account-event-authenticator-added = Vous avez ajouté une application d’authentification
account-event-authenticator-renamed = Vous avez renommé une application d’authentification
account-event-authenticator-removed = Vous avez retiré une application d’authentification
account-event-codes = Vous avez créé de nouveaux codes de secours
account-event-export = Vous avez téléchargé vos données
account-event-closing = Vous avez demandé la suppression de votre compte
account-event-kept = Vous avez conservé votre compte
account-event-made = Votre compte a été créé
account-event-changed-by-others = Un administrateur a modifié votre compte
account-event-password-by-others = Un administrateur a défini votre mot de passe
account-event-authenticator-by-others = Un administrateur a défini votre application d’authentification
account-event-disabled = Un administrateur a désactivé votre compte
account-event-enabled = Un administrateur a activé votre compte
account-event-refused = Une opération a été refusée
account-event-other = Autre événement : { $event }

# Privacy

account-export = Télécharger vos données
account-export-text = Tout ce qui est enregistré sur vous ici, dans un fichier que des programmes peuvent lire : profil, appareils, applications, activité. Il ne contient ni mot de passe ni clé.
account-export-file = Le fichier { $file } contient votre profil, vos moyens de connexion (mais aucun secret), vos sessions, appareils, applications et votre activité. Conservez-le là où vous seul pouvez le lire.
account-delete = Supprimer votre compte
account-delete-text = Vous êtes immédiatement déconnecté partout. Pendant { $grace }, vous pouvez vous connecter et changer d’avis ; ensuite, le compte est effacé.
account-delete-title = Supprimer votre compte ?
account-delete-now = Vous êtes immédiatement déconnecté partout, et toutes les applications perdent leur accès.
account-delete-grace = Pendant { $grace }, vous pouvez vous connecter et conserver le compte. D’ici là, rien d’autre ne fonctionne.
account-delete-erased = Ensuite, tout ce qui vous concerne ici est effacé, et personne ne peut le rétablir.
account-delete-log = Le journal de sécurité garde la trace de ce qui a été fait, sous un numéro qui ne révèle pas qui vous étiez.
account-delete-confirm = Saisissez votre nom d’utilisateur, { $account }, pour continuer
account-delete-submit = Supprimer mon compte

# Password, address and trusted browsers

account-done-email-sent = Un lien est en route vers la nouvelle adresse. Elle sera la vôtre dès que vous l’ouvrirez.
account-done-email-proof = Un lien est en route vers votre adresse. Ouvrez-le pour confirmer qu’elle est à vous.
account-done-email-same = C’est déjà votre adresse, et elle est confirmée.
account-done-password-only = Votre mot de passe a été modifié.
account-email-add = Ajouter une adresse e-mail
account-email-change = Modifier l’adresse e-mail
account-email-confirm = Confirmer l’adresse e-mail
account-email-title = Votre adresse e-mail
account-email-hint-new = Nous envoyons un lien à cette adresse. Elle sera la vôtre dès que vous ouvrirez le lien ; d’ici là, rien ne change.
account-email-hint-proof = Nous envoyons un lien à cette adresse. L’actuelle n’est pas encore confirmée : envoyez-la telle quelle pour la confirmer.
account-email-submit = Envoyer le lien
account-change = Modifier
account-set-one = En définir un
account-password-now = Le changer maintenant
account-password-title = Changer votre mot de passe
account-password-current = Mot de passe actuel
account-password-wrong = Ce n’est pas votre mot de passe actuel.
account-password-new = Nouveau mot de passe
account-password-hint = Au moins { $count } caractères. Quelques mots sans rapport sont faciles à retenir et difficiles à deviner.
account-password-others = Se déconnecter partout ailleurs
account-password-others-hint = Les autres navigateurs et les applications qui y ont été autorisées. Laissez la case cochée si quelqu’un connaît peut-être l’ancien mot de passe.
account-password-submit = Changer le mot de passe
account-problem-address = Ce n’est pas une adresse e-mail ; écrivez-la comme nom@example.com.
account-problem-no-address = Le champ est vide ; indiquez une adresse.
account-problem-mails = Trois e-mails ont été envoyés dans l’heure ; réessayez plus tard.
account-event-password-changed = Vous avez changé votre mot de passe
account-event-password-reset = Votre mot de passe a été défini par un lien dans un e-mail
account-event-email-changed = Votre adresse e-mail a été modifiée
account-event-email-verified = Vous avez confirmé votre adresse e-mail
account-event-link-sent = Un lien vous a été envoyé par e-mail
account-event-code-sent = Un code vous a été envoyé par e-mail
account-event-unlocked = Vous avez laissé entrer un navigateur par un lien dans un e-mail
account-event-account-disowned = Vous avez signalé qu’un changement ne venait pas de vous
account-event-trusted = Vous avez fait confiance à un navigateur
account-event-put-off = Vous avez remis à plus tard la configuration d’une seconde étape
account-browser-trusted = Ne demande pas de seconde étape jusqu’au { $date }. Retirez-le pour y mettre fin.
