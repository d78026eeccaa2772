# Somebody guesses the codes of a second factor

mail-paused-subject = Votre deuxième étape sur { $host } est suspendue
mail-paused-why = Une personne qui connaît votre mot de passe a saisi de nombreux codes incorrects sur { $host }.
mail-paused-done = Nous avons suspendu votre application d’authentification pour mettre fin à ces tentatives.
mail-paused-do = Demandez à votre administrateur de définir un nouveau mot de passe et de rétablir votre accès.

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
mail-key-copied-subject = L’une de vos clés sur { $host } a peut-être été copiée
mail-key-copied-why = Quelqu’un s’est connecté, ou a essayé, sur { $host } avec l’une de vos clés, qui compte ses utilisations, et le compte n’était pas bon : { $label }
mail-key-copied-do = Il en existe peut-être une copie. Retirez-la dans la rubrique des clés d’accès de votre compte et ajoutez-la de nouveau.
