# Somebody guesses the codes of a second factor

mail-paused-subject = Su segundo paso en { $host } está en pausa
mail-paused-why = Alguien que conoce su contraseña ha escrito muchos códigos incorrectos en { $host }.
mail-paused-done = Hemos pausado los códigos para que no se siga adivinando.
mail-paused-do = Elija una contraseña nueva para continuar. La página funciona una vez, durante 15 minutos; después puede pedir otra al iniciar sesión.

# What to do whose doing it was not

mail-not-you = Si no ha sido usted, inicie sesión, elija una contraseña nueva y revise sus sesiones.

# An authenticator was added or removed, recovery codes were made

mail-factor-added-subject = Nueva aplicación de autenticación en { $host }
mail-factor-added-why = Se ha añadido una aplicación de autenticación a su cuenta en { $host }.
mail-factor-removed-subject = Aplicación de autenticación eliminada en { $host }
mail-factor-removed-why = Se ha eliminado una aplicación de autenticación de su cuenta en { $host } y se ha cerrado su sesión en todos los demás lugares.
mail-codes-renewed-subject = Nuevos códigos de recuperación en { $host }
mail-codes-renewed-why = Se han creado nuevos códigos de recuperación para su cuenta en { $host }. Los anteriores ya no funcionan.

# A session was reported as a stranger's

mail-disowned-subject = Se ha cerrado la sesión de un desconocido en { $host }
mail-disowned-why = Se ha notificado que una sesión de su cuenta en { $host } no es suya.
mail-disowned-done = La hemos cerrado junto con todas las demás y hemos retirado lo que las aplicaciones tenían permitido en ellas.
mail-disowned-do = Elija ahora una contraseña nueva: es posible que alguien conozca la anterior.

# The account is on its way out

mail-closing-subject = Su cuenta en { $host } se va a eliminar
mail-closing-why = Su cuenta en { $host } se va a eliminar, como usted pidió.
mail-closing-do = Si cambia de opinión, o si no ha sido usted, inicie sesión y consérvela. Una vez eliminada, nadie podrá recuperarla.

# Passkeys and security keys

mail-key-added-subject = Se ha añadido una clave a su cuenta en { $host }
mail-key-added-why = Se ha añadido una clave de acceso o de seguridad a su cuenta en { $host }: { $label }
mail-key-added-do = Si no ha sido usted, quítela en el apartado de claves de acceso de su cuenta, cierre sesión en todas partes y avise a su administrador.
mail-key-removed-subject = Se ha quitado una clave de su cuenta en { $host }
mail-key-removed-why = Se ha quitado una clave de acceso o de seguridad de su cuenta en { $host }: { $label }
mail-key-removed-do = Si no ha sido usted, cambie su contraseña y avise a su administrador.
mail-device-removed-subject = Se ha quitado un dispositivo de su cuenta en { $host }
mail-device-removed-why = Se ha quitado un dispositivo de su cuenta en { $host }, con todo lo vinculado a él: { $label }
mail-device-removed-do = Si no ha sido usted, cambie su contraseña y avise a su administrador.
mail-key-copied-subject = Es posible que se haya copiado una clave suya en { $host }
mail-key-copied-why = Alguien ha iniciado sesión, o lo ha intentado, en { $host } con una clave suya que cuenta sus usos, y la cuenta no coincidía: { $label }
mail-key-copied-do = Puede que exista una copia. Quítela en el apartado de claves de acceso de su cuenta y añádala de nuevo.
mail-cookies-copied-subject = Alguien tenía una copia de su sesión en { $host }
mail-cookies-copied-why = Alguien usó las cookies de un navegador en el que usted había iniciado sesión en { $host }, sin la clave que guarda ese dispositivo. No consiguió nada: la sesión de ese navegador se ha cerrado, y también la de las aplicaciones que usted autorizó en él.
mail-cookies-copied-do = Si no sabe nada de esto, puede que un programa de su dispositivo lea lo que guardan sus navegadores. Haga que lo revisen y cambie su contraseña desde otro dispositivo.

# In every letter

mail-was-not-you = ¿No fue usted?
mail-by-hand = O copie esta dirección en su navegador:
mail-why-account = Recibe este correo por su cuenta en { $host }.
mail-why-safety = Recibe este correo porque trata de la seguridad de su cuenta en { $host }.

# Links that were asked for

mail-reset-subject = Contraseña nueva para { $host }
mail-reset-do = Abra la página de abajo y elija una contraseña nueva. Funciona una vez, durante 15 minutos.
mail-reset-factor = Su segundo paso sigue igual: se le pide al iniciar sesión.
mail-reset-button = Elegir una contraseña nueva
mail-reset-why = Recibe este correo porque alguien lo pidió en { $host }. Si no fue usted, ignórelo: nada ha cambiado.
mail-unlock-subject = Iniciar sesión en { $host } de todos modos
mail-unlock-what = Alguien probó muchas contraseñas erróneas para su cuenta, así que los navegadores que no conocemos deben esperar. A los navegadores en los que ya inició sesión no les afecta.
mail-unlock-do = Para iniciar sesión en uno nuevo, abra en él la página de abajo. Funciona una vez, durante 15 minutos.
mail-unlock-button = Autorizar este navegador
mail-verify-subject = Confirme su correo electrónico para { $host }
mail-verify-do = Abra la página de abajo para confirmar que esta dirección es suya. Funciona durante 24 horas.
mail-verify-button = Confirmar la dirección
mail-verify-why = Recibe este correo porque una cuenta en { $host } tiene esta dirección. Si no es suya, ignórelo.
mail-address-subject = Confirme su nuevo correo electrónico para { $host }
mail-address-do = Abra la página de abajo para usar esta dirección desde ahora. Funciona durante 24 horas.
mail-address-button = Usar esta dirección
mail-address-why = Recibe este correo porque alguien dio esta dirección como la suya nueva en { $host }. Si no fue usted, ignórelo.

# New people

mail-signup-subject = Termine su registro en { $host }
mail-signup-do = Abra la página de abajo para elegir un nombre de usuario y una contraseña. Funciona durante 24 horas.
mail-signup-button = Terminar el registro
mail-signup-why = Recibe este correo porque alguien se registró con esta dirección en { $host }. Si no fue usted, ignórelo: no se crea ninguna cuenta.
mail-known-subject = Ya tiene una cuenta en { $host }
mail-known-what = Alguien se registró con esta dirección, pero ya tiene una cuenta. Inicie sesión con su nombre de usuario o esta dirección.
mail-known-do = Si ya no sabe su contraseña, puede elegir otra en esa página.
mail-known-button = Iniciar sesión
mail-known-why = Recibe este correo porque alguien se registró con esta dirección en { $host }.
mail-invite-subject = Le invitan a { $host }
mail-invite-do = Un administrador le ha reservado un sitio. Abra la página de abajo para crear su cuenta. Funciona durante 7 días.
mail-invite-button = Crear su cuenta
mail-invite-why = Recibe este correo porque un administrador de { $host } dio su dirección.

# What happened to an account

mail-password-subject = Su contraseña en { $host } ha cambiado
mail-password-what = Su contraseña se cambió el { $when }.
mail-asked-subject = Se ha pedido un correo electrónico nuevo en { $host }
mail-asked-what = El { $when }, alguien con la sesión iniciada en su cuenta pidió darle otro correo electrónico. Seguirá siendo el mismo hasta que se abra el mensaje enviado a la dirección nueva.
mail-moved-subject = Su correo electrónico en { $host } ha cambiado
mail-moved-what = Su correo electrónico se cambió el { $when }.
mail-device-subject = Su cuenta en { $host } se usó en un navegador nuevo
mail-device-what = { $label }, desde { $from }, el { $when }.
mail-device-do = Si fue usted, no hay nada que hacer.
