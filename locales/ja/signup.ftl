# Signing up

signup-title = 新規登録
signup-intro = メールアドレスを入力してください。アカウントを作るためのリンクを送ります。
signup-intro-invited = 招待が必要です。招待のメールが見つからない場合は、アドレスを入力すると再送します。
signup-sent = 入力されたアドレスにメールを送りました。メールのリンクを開いて進んでください。

# Making the account

join-title = アカウントの作成
join-intro = メールは { $email } に届きます。
join-hint = 15 文字以上にしてください。関係のない言葉をいくつか並べると、覚えやすく推測されにくくなります。
join-other-address = それは別のメールアドレスです。ご自分のアドレスか、@ を含まない名前をお使いください。
join-terms = 利用規約に同意します
join-terms-missing = 進むにはチェックを入れてください。
join-submit = アカウントを作る
join-done-title = アカウントの準備ができました
join-done-text = 元のアプリケーションに戻るか、ここでサインインしてください。
