# Signing up

signup-title = Créer un compte
signup-intro = Saisissez votre adresse e-mail. Nous y envoyons un lien avec lequel vous créez votre compte.
signup-intro-invited = Il vous faut une invitation. Si vous en avez une et ne retrouvez pas l’e-mail, saisissez votre adresse et nous la renvoyons.
signup-sent = Un e-mail est en route vers l’adresse saisie. Ouvrez son lien pour continuer.

# Making the account

join-title = Créer votre compte
join-intro = Les e-mails vont à { $email }.
join-hint = Au moins 15 caractères. Quelques mots sans rapport se retiennent bien et se devinent mal.
join-other-address = C’est une autre adresse e-mail. Utilisez la vôtre, ou un nom sans @.
join-terms = J’accepte les conditions d’utilisation
join-terms-missing = Cochez la case pour continuer.
join-submit = Créer le compte
join-done-title = Votre compte est prêt
join-done-text = Retournez à l’application d’où vous venez, ou connectez-vous ici.
