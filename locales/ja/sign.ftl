# The sign-in page

sign-in = サインイン
sign-in-to = { $client } にサインイン
user-name = ユーザー名
password = パスワード
sign-in-no-match = ユーザー名とパスワードの組み合わせが正しくありません。
sign-in-confirm = アカウントを変更する前に、ご本人であることを確認してください。
sign-in-wait = 試行回数が多すぎます。{ $seconds } 秒待つか、パスキーをご利用ください。
wait = 試行回数が多すぎます。{ $seconds } 秒待ってから、もう一度お試しください。

# A code of the authenticator

code-title = コードを入力してください
code-intro = 認証アプリを開き、{ $account } に表示されている 6 桁の数字を入力してください。
code-label = 6 桁のコード
code-hint = 新しいコードは 30 秒ごとに表示されます。
code-wrong = コードが正しくないか、すでに使用されています。次のコードをお待ちください。
code-paused = 間違ったコードが多すぎます。二段階目は一時停止中です。お送りしたリンクから新しいパスワードを設定してから進んでください。
code-start-over = 別のアカウントでサインイン

# A recovery code

recovery-page-title = 回復コード
recovery-title = 回復コードを使用する
recovery-intro = 認証アプリの設定時に保管した回復コードを 1 つ入力してください。各コードは 1 回だけ使用できます。
recovery-left =
    { $count ->
        [0] 残りのコードはありません。
       *[other] 残りは { $count } 個です。
    }
recovery-label = 回復コード
recovery-hint = 大文字と小文字、スペース、ハイフンの違いは問いません。
recovery-wrong = コードが正しくないか、すでに使用されています。別のコードをお試しください。

# Enrolling an authenticator

enrol-title = 認証アプリを設定する
enrol-why-account = お使いのアカウントには 2 段階認証が必要です。
enrol-why-administrator = 管理者は、パスワードと 2 段階認証でサインインします。
enrol-scan = Google Authenticator、1Password、Aegis などの認証アプリで画像をスキャンしてください。
enrol-picture = 認証アプリ用の QR コード
enrol-cannot-scan = スキャンできない場合は、キーを入力してください
enrol-copy-key = キーをコピー
enrol-key-facts = アカウント: { $account }、時間ベース、6 桁。
enrol-code-label = 認証アプリのコード
enrol-code-hint = 正しく設定されたことを確認するため、認証アプリに現在表示されている 6 桁の数字を入力してください。
enrol-confirm = 確認
enrol-wrong = コードが正しくありません。端末の時刻が自動設定になっていることをご確認ください。

# The recovery codes, shown once

codes-page-title = 回復コード
codes-title = 回復コードを保管してください
codes-intro = 携帯電話を紛失した場合は、いずれかのコードでサインインできます。各コードは 1 回だけ使用できます。表示されるのは今回だけです。
codes-download = ダウンロード
codes-file = 回復コード.txt
codes-print = 印刷
codes-copy = コピー
codes-stored = 安全な場所に保管しました

# Allowing an application

consent-page-title = { $client } を許可しますか？
consent-title = { $client } にアカウントの利用を許可しますか？
consent-account = { $account } としてサインインしています。このアプリケーションは次のことができるようになります。
consent-sensitive = 影響の大きい権限です。慎重にご判断ください。
consent-lasting = このアクセスは、サインアウト後も取り消されるまで有効です。
consent-session = このアクセスは、サインアウトすると終了します。
consent-no-host = この端末上のアプリ
consent-links = { $client } からの情報:
allow = 許可する
deny = 拒否する
scope-openid = お客様を識別する
scope-profile = 名前とプロフィールを表示する
scope-email = メール アドレスを表示する
scope-phone = 電話番号を表示する
scope-address = 住所を表示する
scope-offline = 不在時にもアクセスを維持する

# Signing out

sign-out = サインアウト
sign-out-title = サインアウトしますか？
sign-out-asked = { $client } がサインアウトを求めています。
sign-out-account = { $account } としてサインインしています。
sign-out-effect = このサインインを利用しているアプリケーションでは、再度サインインが必要になります。
sign-out-stay = サインインしたままにする
signed-out-page-title = サインアウト済み
signed-out-title = サインアウトしました
signed-out-all = このサインインを利用していたアプリケーションでは、再度サインインが必要になります。
signed-out-client = { $client } など、このサインインを利用していたアプリケーションでは、再度サインインが必要になります。
signed-out-shared = 共用のコンピューターをお使いの場合は、ブラウザーも閉じてください。
still-page-title = サインイン中
still-title = サインインしたままです
still-text = 変更はありません。そのまま操作を続けられます。

# On the way back to an application

back-to = { $client } に戻る
back-by-hand = 画面が切り替わらない場合は、「続行」を押してください。

# Who is not let into the console

forbidden-page-title = 管理者専用
forbidden-title = このページは管理者専用です
forbidden-text = { $account } としてサインインしていますが、このサーバーの管理者ではありません。管理者に権限を依頼するか、別のアカウントでサインインしてください。

# An account on its way out

closed-title = アカウントは削除されます
closed-text = すべての場所でサインアウトしました。アカウントは { $date } に消去されます。
closed-do = それまでにお考えが変わった場合は、サインインしてアカウントを維持してください。
closing-title = アカウントを維持しますか？
closing-text = ご依頼のとおり、{ $account } は { $date } に消去されます。アカウントを維持するまで、ほかの操作はできません。
closing-keep-it = アカウントを維持する
closing-let-go = このまま削除してサインアウト

one-moment = 少々お待ちください
one-moment-why = ブラウザーが、セッションの鍵を持っていることを示しています。
unbound-title = セッションをこの端末に結び付ける必要があります
unbound-text = { $account } としてサインインしています。ここでは管理者のセッションは端末の鍵に結び付けられますが、このブラウザーは鍵を作成していません。
unbound-mend = 鍵をハードウェアで保管するコンピューターの Chrome または Edge で可能です。いったんサインアウトし、そのようなブラウザーでサインインし直してください。
unbound-wait = セッションをこの端末に結び付けています。
