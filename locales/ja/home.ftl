# The start page

home-page-title = スタート
home-title = サインイン サーバー
home-text = アプリケーションからサインインのために移動してくるページです。ここで行う操作はありません。
home-copy-issuer = 発行者をコピー
home-dev-title = 認可サーバーが動作しています
home-dev-text = 開発モードです。すべてローカルで動作し、インターネットでの公開は想定していません。
home-playground = プレイグラウンド
home-playground-text = このサーバーで認可コード + PKCE を実行し、すべてのメッセージ、トークン、検証を確認できます。
home-admin = 管理コンソール
home-admin-text = アプリケーションの登録、ユーザーと鍵の管理、監査ログの確認を行います。
home-mail = メール
home-mail-text = このサーバーが送信するメールは、外部に送られずここに届きます。
home-discovery = ディスカバリー
home-discovery-text = クライアント ライブラリが必要とする文書です。上記の発行者を指定してください。
