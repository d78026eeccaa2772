# Pages that tell of trouble

error-stale = Esta página ya no es válida
error-stale-do = Puede que sea demasiado antigua o que otro sitio le haya enviado aquí. Vuelva a la aplicación y empiece de nuevo desde allí.
error-nothing = Aquí no hay nada
error-nothing-do = Compruebe la dirección o vuelva al lugar de donde venía.
error-method = Eso no funciona aquí
error-method-do = Vuelva a la aplicación y empiece de nuevo desde allí.
error-request = La solicitud no llegó
error-request-do = Vuelva atrás e inténtelo de nuevo con menos datos o con una conexión mejor.
error-too-many = Demasiados intentos
error-too-many-do = Espere un minuto e inténtelo de nuevo.
error-busy = Estamos ocupados en este momento
error-busy-do = Espere unos segundos y vuelva a cargar esta página.
error-fault = Se ha producido un error por nuestra parte
error-fault-do = Inténtelo de nuevo en un momento. Si vuelve a ocurrir, avise a los responsables de este servidor.
error-link = Este enlace de inicio de sesión no funciona
error-link-do = La aplicación que le envió aquí ha cometido un error. Vuelva a ella e inténtelo de nuevo; si sigue ocurriendo, comunique a sus responsables lo que aparece abajo.
error-developer = Para desarrolladores
error-code = Error
error-reason = Motivo
error-quote = Indique este número cuando pida ayuda
error-copy = Copiar el número
