# The sign-in page

sign-in = Se connecter
sign-in-to = Se connecter à { $client }
user-name = Nom d’utilisateur
password = Mot de passe
sign-in-no-match = Ce nom d’utilisateur et ce mot de passe ne correspondent pas.
sign-in-confirm = Confirmez votre identité avant de modifier votre compte.
sign-in-wait =
    { $seconds ->
        [one] Trop de tentatives. Patientez une seconde ou utilisez votre clé d’accès.
       *[other] Trop de tentatives. Patientez { $seconds } secondes ou utilisez votre clé d’accès.
    }
wait =
    { $seconds ->
        [one] Trop de tentatives. Patientez une seconde, puis réessayez.
       *[other] Trop de tentatives. Patientez { $seconds } secondes, puis réessayez.
    }

# A code of the authenticator

code-title = Saisissez votre code
code-intro = Ouvrez votre application d’authentification et saisissez les six chiffres affichés pour { $account }.
code-label = Code à six chiffres
code-hint = Un nouveau code apparaît toutes les 30 secondes.
code-wrong = Ce code est incorrect ou a déjà été utilisé. Attendez le suivant.
code-paused = Trop de codes erronés. Cette seconde étape est suspendue : choisissez un nouveau mot de passe avec le lien que nous vous avons envoyé, puis continuez.
code-start-over = Se connecter avec un autre compte

# A recovery code

recovery-page-title = Code de secours
recovery-title = Utilisez un code de secours
recovery-intro = Saisissez l’un des codes que vous avez conservés lors de la configuration de votre application d’authentification. Chacun ne sert qu’une fois.
recovery-left =
    { $count ->
        [0] Il ne vous en reste aucun.
        [one] Il vous en reste un.
       *[other] Il vous en reste { $count }.
    }
recovery-label = Code de secours
recovery-hint = Les majuscules, les espaces et les tirets n’ont pas d’importance.
recovery-wrong = Ce code est incorrect ou a déjà été utilisé. Essayez-en un autre.

# Enrolling an authenticator

enrol-title = Configurez votre application d’authentification
enrol-why-account = Votre compte exige une deuxième étape.
enrol-why-administrator = Un administrateur se connecte avec un mot de passe et une deuxième étape.
enrol-scan = Scannez l’image avec une application d’authentification telle que Google Authenticator, 1Password ou Aegis.
enrol-picture = Code QR pour votre application d’authentification
enrol-cannot-scan = Impossible de scanner ? Saisissez la clé
enrol-copy-key = Copier la clé
enrol-key-facts = Compte { $account }, basé sur l’heure, six chiffres.
enrol-code-label = Code de l’application
enrol-code-hint = Saisissez les six chiffres que l’application affiche maintenant, pour vérifier que tout fonctionne.
enrol-confirm = Confirmer
enrol-wrong = Ce code est incorrect. Vérifiez que l’horloge de votre appareil est réglée automatiquement.

# The recovery codes, shown once

codes-page-title = Vos codes de secours
codes-title = Conservez vos codes de secours
codes-intro = Si vous perdez votre téléphone, l’un de ces codes vous permettra de vous connecter. Chacun ne sert qu’une fois. Ils ne sont affichés que maintenant.
codes-download = Télécharger
codes-file = codes-de-secours.txt
codes-print = Imprimer
codes-copy = Copier
codes-stored = Je les ai conservés en lieu sûr

# Allowing an application

consent-page-title = Autoriser { $client } ?
consent-title = Autoriser { $client } à utiliser votre compte ?
consent-account = Vous êtes connecté en tant que { $account }. L’application pourra :
consent-sensitive = Réfléchissez bien : cet accès est très étendu.
consent-lasting = L’application conserve cet accès après votre déconnexion, jusqu’à ce qu’il soit retiré.
consent-session = Cet accès prend fin lorsque vous vous déconnectez.
consent-no-host = une application sur cet appareil
consent-links = De { $client } :
allow = Autoriser
deny = Refuser
scope-openid = Savoir qui vous êtes ici
scope-profile = Voir votre nom et votre profil
scope-email = Voir votre adresse e-mail
scope-phone = Voir votre numéro de téléphone
scope-address = Voir votre adresse postale
scope-offline = Conserver l’accès en votre absence

# Signing out

sign-out = Se déconnecter
sign-out-title = Se déconnecter ?
sign-out-asked = { $client } demande à vous déconnecter.
sign-out-account = Vous êtes connecté en tant que { $account }.
sign-out-effect = Les applications qui utilisent cette connexion vous la redemanderont.
sign-out-stay = Rester connecté
signed-out-page-title = Déconnecté
signed-out-title = Vous êtes déconnecté
signed-out-all = Les applications qui utilisaient cette connexion vous demanderont de vous reconnecter.
signed-out-client = { $client } et les autres applications qui utilisaient cette connexion vous demanderont de vous reconnecter.
signed-out-shared = Sur un ordinateur partagé, fermez également le navigateur.
still-page-title = Toujours connecté
still-title = Vous êtes toujours connecté
still-text = Rien n’a changé. Vous pouvez reprendre là où vous en étiez.

# On the way back to an application

back-to = Retour à { $client }
back-by-hand = Si rien ne se passe, appuyez sur « Continuer ».

# Who is not let into the console

forbidden-page-title = Réservé aux administrateurs
forbidden-title = Cette page est réservée aux administrateurs
forbidden-text = Vous êtes connecté en tant que { $account }, qui n’administre pas ce serveur. Demandez ce rôle à un administrateur ou connectez-vous avec un autre compte.

# An account on its way out

closed-title = Votre compte va être supprimé
closed-text = Vous êtes déconnecté partout. Le compte sera effacé le { $date }.
closed-do = Si vous changez d’avis d’ici là, connectez-vous et conservez-le.
closing-title = Conserver votre compte ?
closing-text = { $account } sera effacé le { $date }, comme vous l’avez demandé. Tant que vous ne le conservez pas, rien d’autre ne fonctionne.
closing-keep-it = Conserver mon compte
closing-let-go = Le laisser supprimer et se déconnecter

one-moment = Un instant
one-moment-why = Votre navigateur montre qu’il détient la clé de votre session.
unbound-title = Votre session doit être liée à cet appareil
unbound-text = Vous êtes connecté en tant que { $account }. Ici, les sessions d’administration sont liées à une clé de leur appareil, et ce navigateur n’en a pas créé.
unbound-mend = Chrome et Edge le peuvent, sur un ordinateur dont le matériel conserve des clés. Déconnectez-vous, puis reconnectez-vous avec un tel navigateur.
unbound-wait = Votre session est en train d’être liée à cet appareil.
