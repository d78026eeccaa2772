# The start page

home-page-title = Start
home-title = Sign-in server
home-text = Applications send you here to sign in. There is nothing to do on this page.
home-copy-issuer = Copy the issuer
home-dev-title = Your authorization server is running
home-dev-text = This is development mode: everything is local, and nothing here is meant for the internet.
home-playground = Playground
home-playground-text = Run code + PKCE against this server and see every message, token and check.
home-admin = Admin console
home-admin-text = Register applications, look after people and keys, read the audit log.
home-mail = Mail
home-mail-text = Every letter this server sends lands here instead of leaving the machine.
home-discovery = Discovery
home-discovery-text = The document your client library wants. Give it the issuer above.
