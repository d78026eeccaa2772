# Somebody guesses the codes of a second factor

mail-paused-subject = Votre deuxième étape sur { $host } est suspendue
mail-paused-why = Une personne qui connaît votre mot de passe a saisi de nombreux codes incorrects sur { $host }.
mail-paused-done = Nous avons suspendu les codes, pour que les essais ne continuent pas.
mail-paused-do = Choisissez un nouveau mot de passe pour continuer. La page fonctionne une fois, pendant 15 minutes ; ensuite vous pouvez en demander une autre à la connexion.

# What to do whose doing it was not

mail-not-you = Si ce n’était pas vous, connectez-vous, choisissez un nouveau mot de passe et vérifiez vos sessions.

# An authenticator was added or removed, recovery codes were made

mail-factor-added-subject = Nouvelle application d’authentification sur { $host }
mail-factor-added-why = Une application d’authentification a été ajoutée à votre compte sur { $host }.
mail-factor-removed-subject = Application d’authentification retirée sur { $host }
mail-factor-removed-why = Une application d’authentification a été retirée de votre compte sur { $host }, et vous avez été déconnecté partout ailleurs.
mail-codes-renewed-subject = Nouveaux codes de secours sur { $host }
mail-codes-renewed-why = De nouveaux codes de secours ont été créés pour votre compte sur { $host }. Les anciens ne fonctionnent plus.

# A session was reported as a stranger's

mail-disowned-subject = Un inconnu a été déconnecté de { $host }
mail-disowned-why = Une session de votre compte sur { $host } a été signalée comme n’étant pas la vôtre.
mail-disowned-done = Nous l’avons fermée ainsi que toutes les autres, et nous avons retiré ce qui y était permis aux applications.
mail-disowned-do = Choisissez dès maintenant un nouveau mot de passe : quelqu’un connaît peut-être l’ancien.

# The account is on its way out

mail-closing-subject = Votre compte sur { $host } va être supprimé
mail-closing-why = Votre compte sur { $host } va être supprimé, comme vous l’avez demandé.
mail-closing-do = Si vous changez d’avis, ou si ce n’était pas vous, connectez-vous et conservez-le. Une fois supprimé, personne ne peut le rétablir.

# Passkeys and security keys

mail-key-added-subject = Une clé a été ajoutée à votre compte sur { $host }
mail-key-added-why = Une clé d’accès ou de sécurité a été ajoutée à votre compte sur { $host } : { $label }
mail-key-added-do = Si ce n’était pas vous, retirez-la dans la rubrique des clés d’accès de votre compte, déconnectez-vous partout et prévenez votre administrateur.
mail-key-removed-subject = Une clé a été retirée de votre compte sur { $host }
mail-key-removed-why = Une clé d’accès ou de sécurité a été retirée de votre compte sur { $host } : { $label }
mail-key-removed-do = Si ce n’était pas vous, changez votre mot de passe et prévenez votre administrateur.
mail-device-removed-subject = Un appareil a été retiré de votre compte sur { $host }
mail-device-removed-why = Un appareil a été retiré de votre compte sur { $host }, avec tout ce qui y était lié : { $label }
mail-device-removed-do = Si ce n’était pas vous, changez votre mot de passe et prévenez votre administrateur.
mail-key-copied-subject = L’une de vos clés sur { $host } a peut-être été copiée
mail-key-copied-why = Quelqu’un s’est connecté, ou a essayé, sur { $host } avec l’une de vos clés, qui compte ses utilisations, et le compte n’était pas bon : { $label }
mail-key-copied-do = Il en existe peut-être une copie. Retirez-la dans la rubrique des clés d’accès de votre compte et ajoutez-la de nouveau.
mail-cookies-copied-subject = Quelqu’un avait une copie de votre connexion à { $host }
mail-cookies-copied-why = Quelqu’un a utilisé les cookies d’un navigateur dans lequel vous étiez connecté à { $host }, sans la clé que détient cet appareil. Il n’a rien obtenu : ce navigateur est déconnecté, ainsi que les applications que vous y aviez autorisées.
mail-cookies-copied-do = Si vous n’en savez rien, un programme de votre appareil lit peut-être ce que vos navigateurs conservent. Faites-le vérifier, et changez votre mot de passe depuis un autre appareil.

# In every letter

mail-was-not-you = Ce n’était pas vous ?
mail-by-hand = Ou copiez cette adresse dans votre navigateur :
mail-why-account = Vous recevez cet e-mail en raison de votre compte sur { $host }.
mail-why-safety = Vous recevez cet e-mail car il concerne la sécurité de votre compte sur { $host }.

# Links that were asked for

mail-reset-subject = Nouveau mot de passe pour { $host }
mail-reset-do = Ouvrez la page ci-dessous et choisissez un nouveau mot de passe. Elle fonctionne une fois, pendant 15 minutes.
mail-reset-factor = Votre seconde étape reste la même : elle vous est demandée à la connexion.
mail-reset-button = Choisir un nouveau mot de passe
mail-reset-why = Vous recevez cet e-mail car quelqu’un l’a demandé sur { $host }. Si ce n’était pas vous, ignorez-le : rien n’a changé.
mail-unlock-subject = Se connecter malgré tout à { $host }
mail-unlock-what = Quelqu’un a essayé de nombreux mots de passe erronés pour votre compte ; les navigateurs inconnus doivent donc attendre. Ceux dans lesquels vous vous êtes déjà connecté ne sont pas concernés.
mail-unlock-do = Pour vous connecter depuis un nouveau navigateur, ouvrez-y la page ci-dessous. Elle fonctionne une fois, pendant 15 minutes.
mail-unlock-button = Autoriser ce navigateur
mail-verify-subject = Confirmez votre adresse e-mail pour { $host }
mail-verify-do = Ouvrez la page ci-dessous pour confirmer que cette adresse est la vôtre. Elle fonctionne pendant 24 heures.
mail-verify-button = Confirmer l’adresse
mail-verify-why = Vous recevez cet e-mail car un compte sur { $host } a cette adresse. S’il n’est pas à vous, ignorez-le.
mail-address-subject = Confirmez votre nouvelle adresse e-mail pour { $host }
mail-address-do = Ouvrez la page ci-dessous pour utiliser désormais cette adresse. Elle fonctionne pendant 24 heures.
mail-address-button = Utiliser cette adresse
mail-address-why = Vous recevez cet e-mail car quelqu’un a indiqué cette adresse comme sa nouvelle adresse sur { $host }. Si ce n’était pas vous, ignorez-le.

# New people

mail-signup-subject = Terminez votre inscription sur { $host }
mail-signup-do = Ouvrez la page ci-dessous pour choisir un nom d’utilisateur et un mot de passe. Elle fonctionne pendant 24 heures.
mail-signup-button = Terminer l’inscription
mail-signup-why = Vous recevez cet e-mail car quelqu’un s’est inscrit avec cette adresse sur { $host }. Si ce n’était pas vous, ignorez-le : aucun compte n’est créé.
mail-known-subject = Vous avez déjà un compte sur { $host }
mail-known-what = Quelqu’un s’est inscrit avec cette adresse, mais elle a déjà un compte. Connectez-vous avec votre nom d’utilisateur ou cette adresse.
mail-known-do = Si vous ne connaissez plus votre mot de passe, vous pouvez en choisir un nouveau sur cette page.
mail-known-button = Se connecter
mail-known-why = Vous recevez cet e-mail car quelqu’un s’est inscrit avec cette adresse sur { $host }.
mail-invite-subject = Vous êtes invité sur { $host }
mail-invite-do = Un administrateur vous a réservé une place. Ouvrez la page ci-dessous pour créer votre compte. Elle fonctionne pendant 7 jours.
mail-invite-button = Créer votre compte
mail-invite-why = Vous recevez cet e-mail car un administrateur de { $host } a indiqué votre adresse.

# What happened to an account

mail-password-subject = Votre mot de passe a été changé sur { $host }
mail-password-what = Votre mot de passe a été changé le { $when }.
mail-asked-subject = Une nouvelle adresse e-mail a été demandée sur { $host }
mail-asked-what = Le { $when }, une personne connectée à votre compte a demandé à lui donner une autre adresse e-mail. L’adresse reste la même tant que le message envoyé à la nouvelle n’a pas été ouvert.
mail-moved-subject = Votre adresse e-mail a été changée sur { $host }
mail-moved-what = Votre adresse e-mail a été changée le { $when }.
mail-device-subject = Votre compte sur { $host } utilisé dans un nouveau navigateur
mail-device-what = { $label }, depuis { $from }, le { $when }.
mail-device-do = Si c’était vous, il n’y a rien à faire.
