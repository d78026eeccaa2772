# Why more is asked of somebody who is signed in

mfa-more = { $client } demande une connexion plus forte.
mfa-more-api = { $client } demande une connexion plus forte, pour utiliser { $apis }.
mfa-step = Une deuxième étape est nécessaire pour { $client }.
mfa-step-api = Une deuxième étape est nécessaire pour { $client }, pour utiliser { $apis }.
mfa-recent = { $client } demande une connexion récente.
mfa-recent-api = { $client } demande une connexion récente, pour utiliser { $apis }.
mfa-choose = Choisissez le compte pour { $client }.
mfa-other = { $client } attend un autre compte.
mfa-again = Connectez-vous de nouveau pour continuer.

# The ways to take the second step

mfa-way-mail = Recevoir un code par e-mail
mfa-way-key-hint = Votre empreinte, votre visage ou votre code PIN, ou un contact
mfa-way-app-hint = Six chiffres de l’application
mfa-way-mail-hint = Huit chiffres, envoyés à votre adresse

# A code by mail

mfa-mail-intro = Nous envoyons huit chiffres à { $address }. Ils sont valables une fois, ici, pendant dix minutes.
mfa-mail-sent = Nous avons envoyé huit chiffres à { $address }. Ils sont valables dix minutes.
mfa-mail-send = Envoyer le code
mfa-mail-again = Envoyer un nouveau code
mfa-mail-label = Code à huit chiffres
mfa-mail-hint = Celui du dernier e-mail : un code plus ancien n’est plus valable.
mfa-mail-wrong = Ce code n’est pas correct ou n’est plus valable. Cherchez le dernier e-mail, ou envoyez un nouveau code.
mail-code-subject = Votre code de connexion pour { $host }
mail-code-why = Votre code pour vous connecter à { $host } :
mail-code-digits = { $label }
mail-code-how = Il est valable une fois, pendant dix minutes, sur la page qui l’a demandé. Ne le donnez à personne : personne de { $host } ne vous le demandera.
mail-code-not-you = Ce n’était pas vous ? Alors quelqu’un connaît votre mot de passe : changez-le.

# A browser that is trusted

mfa-trust =
    { $days ->
        [one] Ne plus demander sur cet appareil pendant { $days } jour
       *[other] Ne plus demander sur cet appareil pendant { $days } jours
    }
mfa-trust-hint = Seulement sur un appareil qui n’est qu’à vous.

# An enrolment that is put off

mfa-later = Pas maintenant
mfa-later-until = Vous pouvez reporter ceci jusqu’au { $date }. Ensuite, vous ne pourrez plus vous connecter sans.
