# The start page

home-page-title = Inicio
home-title = Servidor de inicio de sesión
home-text = Las aplicaciones le envían aquí para iniciar sesión. En esta página no hay nada que hacer.
home-copy-issuer = Copiar el emisor
home-dev-title = Su servidor de autorización está en marcha
home-dev-text = Este es el modo de desarrollo: todo es local y nada de esto está pensado para Internet.
home-playground = Zona de pruebas
home-playground-text = Ejecute código + PKCE con este servidor y vea cada mensaje, token y comprobación.
home-admin = Consola de administración
home-admin-text = Registre aplicaciones, gestione personas y claves, lea el registro de auditoría.
home-mail = Correo
home-mail-text = Cada mensaje que envía este servidor llega aquí en lugar de salir del equipo.
home-discovery = Descubrimiento
home-discovery-text = El documento que necesita su biblioteca cliente. Indíquele el emisor de arriba.
