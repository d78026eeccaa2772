# Making the first administrator

setup-page-title = Configurer { $product }
setup-title = Créez le premier administrateur
setup-intro = Cette page ne fonctionne qu’une fois. La personne qui la termine administre ce serveur.
setup-steps = Configuration
setup-step-account = Compte
setup-step-authenticator = Authentification
setup-step-recovery = Secours
setup-email = E-mail
setup-password-hint = Au moins 8 caractères. Quelques mots sans rapport entre eux sont faciles à retenir et difficiles à deviner.
setup-name-wrong = Ce n’est pas un nom d’utilisateur possible. Utilisez de 1 à 128 caractères sans espace.
setup-taken = Un autre compte utilise ce nom d’utilisateur ou cette adresse e-mail. Choisissez-en un autre.
setup-email-wrong = Ce n’est pas une adresse e-mail. Écrivez-la sous la forme nom@domaine.
setup-used-page-title = Lien de configuration
setup-used-title = Ce lien de configuration ne fonctionne plus
setup-used-text = Il a déjà servi, ou ses 15 minutes sont écoulées. S’il n’y a pas encore d’administrateur, exécutez cette commande sur le serveur pour en obtenir un nouveau :
setup-copy-command = Copier la commande
