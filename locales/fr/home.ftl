# The start page

home-page-title = Accueil
home-title = Serveur de connexion
home-text = Les applications vous envoient ici pour vous connecter. Il n’y a rien à faire sur cette page.
home-copy-issuer = Copier l’émetteur
home-dev-title = Votre serveur d’autorisation fonctionne
home-dev-text = Ceci est le mode développement : tout est local, et rien n’est destiné à Internet.
home-playground = Bac à sable
home-playground-text = Exécutez code + PKCE avec ce serveur et voyez chaque message, jeton et vérification.
home-admin = Console d’administration
home-admin-text = Enregistrez des applications, gérez les personnes et les clés, consultez le journal d’audit.
home-mail = Courrier
home-mail-text = Chaque message envoyé par ce serveur arrive ici au lieu de quitter la machine.
home-discovery = Découverte
home-discovery-text = Le document dont votre bibliothèque cliente a besoin. Donnez-lui l’émetteur ci-dessus.
