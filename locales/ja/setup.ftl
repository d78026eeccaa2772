# Making the first administrator

setup-page-title = { $product } の設定
setup-title = 最初の管理者を作成する
setup-intro = このページは 1 回だけ使用できます。設定を完了した方が、このサーバーの管理者になります。
setup-steps = 設定
setup-step-account = アカウント
setup-step-authenticator = 認証アプリ
setup-step-recovery = 回復
setup-email = メール アドレス
setup-password-hint = 8 文字以上で入力してください。関連のない単語をいくつか組み合わせると、覚えやすく推測されにくくなります。
setup-name-wrong = このユーザー名は使用できません。スペースを含まない 1 ～ 128 文字で入力してください。
setup-taken = このユーザー名またはメール アドレスは、別のアカウントで使用されています。別のものを入力してください。
setup-email-wrong = メール アドレスの形式が正しくありません。name@domain の形式で入力してください。
setup-used-page-title = 設定リンク
setup-used-title = この設定リンクは使用できません
setup-used-text = すでに使用されたか、15 分の有効期限が切れています。管理者がまだいない場合は、サーバーで次のコマンドを実行して新しいリンクを取得してください。
setup-copy-command = コマンドをコピー
