# Around every page of the account

account-title = マイ アカウント
account-console = 管理コンソール
account-overview = 概要
account-profile = プロフィール
account-security = セキュリティ
account-sessions = 端末とセッション
account-apps = 連携アプリ
account-activity = アクティビティ
account-privacy = プライバシー
account-cancel = キャンセル
account-save = 保存
account-edit = 編集
account-add = 追加
account-manage = 管理
account-rename = 名前を変更
account-rename-this = { $label } の名前を変更
account-remove = 削除
account-remove-this = { $label } を削除
account-name = 名前
account-pages = ページ
account-pages-first = 先頭に戻る
account-pages-next = 次のページ

# When: each stands before or in place of an instant

account-just-now = たった今
account-minutes-ago = { $count } 分前
account-hours-ago = { $count } 時間前
account-days-ago = { $count } 日前
account-hours = { $count } 時間
account-days = { $count } 日間
account-since = 連携開始:
account-added = 追加:
account-last-used = 最終使用:
account-never-used = 未使用

# Browsers by themselves and in the middle of a sentence

account-browser = { $browser }（{ $system }）
account-browser-on = 不明なブラウザー（{ $system }）
account-browser-on-within = 不明なブラウザー（{ $system }）
account-browser-unknown = 不明なブラウザー
account-browser-unknown-within = 不明なブラウザー

# Said after a change

account-done-profile = プロフィールを保存しました。
account-done-added = 認証アプリを追加しました。
account-done-key-added = キーを追加しました。
account-done-renamed = 新しい名前を保存しました。
account-done-removed = 削除しました。ほかのすべての場所でサインアウトしました。
account-done-codes = 新しい回復コードが有効になりました。以前のコードは使用できません。
account-done-session = セッションを終了しました。
account-done-sessions = ほかのすべての場所でサインアウトしました。
account-done-disowned = そのセッション、ほかのすべてのセッション、およびそれらのアプリをサインアウトしました。
account-done-device-removed = 端末と、その端末に結び付いていたものをすべて削除しました。
account-done-app = アプリのアクセスを取り消しました。
account-done-kept = アカウントを維持します。
account-done-password = パスワードを変更しました。ほかのすべての場所でサインアウトしました。

# Why a change was not made

account-problem-ten = 認証アプリはすでに 10 個あります。先にいずれかを削除してください。
account-problem-needed = お使いのアカウントには 2 段階認証が必要です。先に別の方法を追加してから、これを削除してください。
account-problem-needed-device = お使いのアカウントには 2 段階認証が必要ですが、その唯一の方法がこの端末で作成されています。先に別の方法を追加してから、この端末を削除してください。
account-problem-codes = 回復コードは 2 段階認証の代わりになるものです。先に 2 段階認証の方法を追加してください。
account-problem-confirm = ユーザー名が一致しません。表示されているとおりに入力してください。
account-problem-last = ほかに管理者がいません。先に別の管理者を設定してください。
account-problem-this-session = 現在お使いのセッションです。
account-problem-label = 長すぎるか、文字として使用できません。64 文字以内で入力してください。
account-problem-label-empty = 名前がありません。見分けのつく名前を入力してください。
account-problem-long = 長すぎます。128 文字以内で入力してください。
account-problem-invisible = 目に見えない文字が含まれています。入力し直してください。
account-problem-language = 表示されている言語からお選びください。
account-problem-zone = タイム ゾーンは Europe/Berlin、Asia/Tokyo、UTC のように入力してください。
account-problem-phone = 電話番号は +49 30 1234567 のように国番号から入力してください。

# The overview

account-unconfirmed = 未確認
account-safe = アカウントは十分に保護されています
account-safe-how = 必要な操作はありません。サインインしている場所をときどきご確認ください。
account-safer = アカウントをより安全にする方法が { $count } 件あります
account-made = アカウントの作成:
account-sign-in-as = { $account } としてサインインします
account-advice-passkey = パスキーを追加する
account-advice-passkey-why = 端末の指紋、顔、PIN でサインインできます。だまし取られる心配もありません。
account-advice-second = 2 段階認証を追加する
account-advice-second-why = パスワードだけでは盗まれるおそれがあります。携帯電話の認証アプリがあれば、パスワードを知られてもサインインを防げます。
account-advice-second-link = 認証アプリを追加
account-advice-codes = 回復コードを作成する
account-advice-codes-why = 残りのコードはありません。回復コードがないと、携帯電話を紛失した場合にアカウントを利用できなくなります。
account-advice-few = 回復コードを更新する
account-advice-few-why = 残りが少なくなっています。新しいコードを作成すると、すべて置き換えられます。
account-advice-email = メール アドレスを確認する
account-advice-email-why = メール アドレスがご本人のものか確認できていないため、メールでのサポートができません。
account-advice-email-link = プロフィールを表示

# The profile

account-profile-lead = プロフィールの表示を許可したアプリに伝わる情報です。
account-profile-about = お客様の情報
account-profile-sign-in = サインイン情報
account-profile-others = 組織による設定
account-profile-others-hint = これらは管理者だけが変更できます。
account-profile-edit = プロフィールを編集
account-profile-optional = すべての項目は任意です。
account-not-set = 未設定
account-no-email = なし
account-confirmed = 確認済み
account-email = メール アドレス
account-given-name = 名
account-family-name = 姓
account-nickname = ニックネーム
account-phone = 電話番号
account-phone-hint = +49 30 1234567 のように国番号から入力してください。
account-language = 言語
account-language-none = ブラウザーの設定に従う
account-zone = タイム ゾーン
account-zone-hint = 例: Europe/Berlin、Asia/Tokyo

# Security

account-security-lead = サインインに使用するものです。変更のたびに、ご本人であることを確認します。
account-password-due = 新しいパスワードを設定してください。
account-password-due-why = 現在のパスワードを誰かに知られている可能性があります。
account-password-none = パスワードはありません。パスワードなしでサインインします。
account-password-changed = 最終変更:
account-password-unchanged = 一度も変更されていません。
account-keys = パスキーとセキュリティ キー
account-keys-none = まだありません。パスキーを使用すると、端末の指紋、顔、PIN でサインインできます。
account-keys-some = { $count } 個あります。
account-authenticators = 認証アプリ
account-authenticators-none = まだありません。携帯電話のアプリに表示される 6 桁の数字を、パスワードの後に入力します。
account-authenticator-unnamed = 認証アプリ
account-codes = 回復コード
account-codes-renew = 新しく作成
account-codes-left =
    { $count ->
        [0] 残りのコードはありません。回復コードがないと、携帯電話を紛失した場合にアカウントを利用できなくなります。
        [1] 残りは 1 個です。早めに新しいコードを作成してください。
       *[other] 残りは { $count } 個です。ほかの方法を失った場合に、各コードで 1 回ずつサインインできます。
    }

# Authenticators

account-authenticator-new = 認証アプリを追加
account-authenticator-scan = 携帯電話の認証アプリで画像をスキャンし、表示された 6 桁の数字を入力してください。
account-authenticator-name-hint = 「仕事用の携帯電話」など、見分けのつく名前です。空欄でもかまいません。
account-authenticator-code-hint = 認証アプリが正しく動作することを確認します。新しいコードは 30 秒ごとに表示されます。
account-authenticator-rename = 認証アプリの名前を変更
account-rename-hint = 64 文字以内で入力してください。
account-remove-title = { $label } を削除しますか？
account-remove-elsewhere = ほかのすべての場所でサインアウトし、そこで連携していたアプリもサインアウトします。
account-authenticator-remove-effect = この認証アプリのコードは使用できなくなります。

# Passkeys and security keys

account-keys-lead = このアドレスでのみ使用できるキーです。だまし取られる心配がありません。
account-keys-own = お使いのキー
account-keys-impossible = このサーバーのアドレスでは、ブラウザーのキーを使用できません。
account-key-synced = パスキー（端末間で同期）
account-key-here = パスキー（1 台の端末のみ）
account-key-touched = セキュリティ キー（2 段階認証用）
account-key-new = パスキーを追加
account-key-new-lead = 保存先とロックの解除方法をブラウザーが尋ねます。以後、パスワードだけではサインインできなくなります。
account-key-new-touched = セキュリティ キーを追加
account-key-new-touched-lead = セキュリティ キーをお手元にご用意ください。パスワードの入力後にキーに触れます。
account-key-new-second = 2 段階認証用のキーを追加
account-key-name-hint = 「携帯電話」「青いキー」など、見分けのつく名前です。空欄の場合は、このブラウザーの名前になります。
account-key-create = パスキーを作成
account-key-create-touched = キーを追加
account-key-scripts = キーを使用するには、スクリプトを実行できるブラウザーが必要です。このページでスクリプトを有効にして、再読み込みしてください。
account-key-rename = キーの名前を変更
account-key-remove-effect = このキーではサインインできなくなります。
account-key-remove-device = 端末やパスワード マネージャーに引き続き表示される場合があります。そちらでも削除してください。

# Recovery codes

account-codes-ask = 新しい回復コードを作成しますか？
account-codes-ask-ten = 10 個のコードが作成されます。ほかの方法を失った場合に、各コードで 1 回ずつサインインできます。
account-codes-ask-left =
    { $count ->
        [0] 現在、残りのコードはありません。
       *[other] 残りの { $count } 個のコードは使用できなくなります。
    }
account-codes-ask-once = 表示されるのは 1 回だけです。プリンターまたはパスワード マネージャーをご用意ください。
account-codes-submit = 新しいコードを作成
account-codes-lead = ほかのサインイン方法を失った場合は、いずれかのコードでサインインできます。各コードは 1 回だけ使用できます。表示されるのは今回だけです。
account-codes-whose = { $host } の { $account } の回復コード
account-codes-stored = 保管しました

# Sessions and browsers

account-sessions-lead = サインインしている場所です。心当たりのないものがあれば、お知らせください。
account-sessions-here = サインイン中
account-this-one = この端末
account-session-pending = 未完了
account-session-from = 接続元:
account-session-seen = 最終アクセス:
account-session-began = 開始:
account-session-by = { $factors }
account-session-end-this = { $device } をサインアウト
account-session-disown = 心当たりがない
account-session-disown-this = { $device }: 心当たりがない
account-session-end-title = { $device } をサインアウトしますか？
account-session-end-effect = このブラウザーと、そこで連携していたアプリをただちにサインアウトします。
account-disown-title = お心当たりがありませんか？
account-disown-effect-device = { $device } でのサインインに心当たりがないことを報告します。
account-disown-effect-others = そのセッションと、現在お使いのものを除くすべてのセッションがただちに終了します。
account-disown-effect-apps = ほかの場所で連携していたアプリは、アクセスできなくなります。
account-disown-effect-browsers = ほかのすべてのブラウザーは、次回のサインイン時に新しいブラウザーとして扱われます。
account-disown-effect-added = そのサインイン以降に追加されたキー、認証アプリ、リカバリーコードは、ご自身で追加したものも含めて削除されます。
account-disown-effect-password = パスワードを誰かに知られている可能性があります。続けて新しいパスワードを設定してください。
account-others-end = ほかのすべてをサインアウト
account-others-title = ほかのすべての場所でサインアウトしますか？
account-others-effect = ここではサインインしたままです。ほかのすべてのブラウザーと、そこで連携していたアプリをただちにサインアウトします。
account-devices = 端末
account-devices-none = ありません。サインインに使用した端末が記録されます。
account-devices-why = 以前サインインに使用した端末です。警告の対象にならず、ほかの場所で誤ったパスワードが入力されても、サインインできなくなることはありません。紛失した端末や使わない端末は削除してください。その端末に結び付いたものはすべて直ちに終了します。
account-device-signed-in = サインイン中
account-session-bound = この端末に結び付き
account-device-apps = この端末で許可したアプリ:
account-device-app-bound = 鍵に結び付き
account-device-keys = この端末で作成したパスキー:
account-browser-first = 初回:
account-browser-last = 最終:
account-device-remove = 削除
account-device-remove-named = { $device } を削除
account-device-remove-title = { $device } を削除しますか？
account-device-remove-this = 現在お使いの端末です。サインアウトされます。
account-device-remove-sessions = 直ちにサインアウトされます。
account-device-remove-apps = その端末で許可したものは、ご本人の操作なしに動くものも含めて終了します。{ $names }
account-device-remove-keys = その端末で作成したパスキーは、どこに複製されていても、アカウントを開けなくなります。{ $names }
account-device-remove-others = ほかの端末からもすべてサインアウトされます。誰かが別の場所でそのパスキーを使った可能性があるためです。
account-device-remove-known = 次回のサインイン時に新しい端末として扱われ、第 2 段階が再び求められます。
account-factor-password = パスワード
account-factor-authenticator = 認証アプリ
account-factor-recovery = 回復コード
account-factor-mailed = メールのコード
account-factor-security-key = セキュリティ キー
account-factor-passkey = パスキー
account-factor-hardware-key = ハードウェア キー

# Connected apps

account-apps-lead = このアカウントでサインインしたアプリと、それぞれに許可されている内容です。
account-apps-none = アプリはまだありません
account-apps-none-text = このアカウントでアプリにサインインすると、ここに表示されます。アクセスはいつでも取り消せます。
account-app-remove = アクセスを取り消す
account-app-remove-this = { $app } のアクセスを取り消す
account-app-remove-title = { $app } のアクセスを取り消しますか？
account-app-remove-now = アプリは、ただちにお客様に代わって操作できなくなります。
account-app-remove-data = アプリが保存した情報はアプリ側に残ります。削除については提供元にご依頼ください。
account-app-remove-again = 次回そのアプリにサインインするときに、あらためて確認が求められます。

# Activity

account-activity-lead = アカウントに関する出来事です。新しいものから順に表示します。
account-activity-none = 表示する内容はありません
account-activity-none-text = サインインやアカウントの変更がここに表示されます。
account-activity-events = 出来事
account-event-app = アプリ
account-event-signed-in = サインインしました
account-event-wrong-code = パスワードを知る何者かが、誤ったコードを入力しました
account-event-wrong-key = お使いのキーが受け付けられませんでした
account-event-wrong-password = アカウントに対して誤ったパスワードが入力されました
account-event-signed-out = サインアウトしました
account-event-app-signed-in = { $app } にサインインしました
account-event-app-robbed = { $app } をサインアウトしました。アクセス権が第三者に渡った可能性があります
account-event-app-gave-back = { $app } がアクセス権を返却しました
account-event-app-removed = { $app } のアクセスを取り消しました
account-event-profile = プロフィールを変更しました
account-event-session-ended = セッションを終了しました
account-event-session-ended-by-others = 管理者がお客様のセッションを終了しました
account-event-disowned = 心当たりのないセッションを報告しました
account-event-others-ended = ほかのすべての場所でサインアウトしました
account-event-all-ended = 管理者がお客様のすべてのセッションを終了しました
account-event-forgotten = ブラウザーの記録を削除しました
account-event-key-added = パスキーまたはセキュリティ キーを追加しました
account-event-key-refused = 追加しようとしたキーが受け付けられませんでした
account-event-key-renamed = キーの名前を変更しました
account-event-key-removed = パスキーまたはセキュリティ キーを削除しました
account-event-key-copied = お使いのキーが複製された可能性があります
account-event-cookies-copied = 端末の鍵なしにサインイン情報が使われました
account-event-factor-removed-by-others = 管理者がお客様の認証方法を削除しました
account-event-authenticator-added = 認証アプリを追加しました
account-event-authenticator-renamed = 認証アプリの名前を変更しました
account-event-authenticator-removed = 認証アプリを削除しました
account-event-codes = 新しい回復コードを作成しました
account-event-export = データをダウンロードしました
account-event-closing = アカウントの削除を依頼しました
account-event-kept = アカウントを維持しました
account-event-made = アカウントが作成されました
account-event-changed-by-others = 管理者がお客様のアカウントを変更しました
account-event-password-by-others = 管理者がお客様のパスワードを設定しました
account-event-authenticator-by-others = 管理者がお客様の認証アプリを設定しました
account-event-disabled = 管理者がお客様のアカウントを無効にしました
account-event-enabled = 管理者がお客様のアカウントを有効にしました
account-event-refused = 操作が拒否されました
account-event-other = その他の出来事: { $event }

# Privacy

account-export = データをダウンロード
account-export-text = ここに保存されているお客様の情報を、プログラムで読み取れる 1 つのファイルにまとめます。内容はプロフィール、端末、アプリ、アクティビティです。パスワードとキーは含まれません。
account-export-file = ファイル { $file } には、プロフィール、サインイン方法（秘密の情報を除く）、セッション、端末、アプリ、アクティビティが含まれます。ご本人だけが読める場所に保管してください。
account-delete = アカウントを削除
account-delete-text = ただちにすべての場所でサインアウトします。{ $grace }は、サインインして取りやめることができます。その後、アカウントは消去されます。
account-delete-title = アカウントを削除しますか？
account-delete-now = ただちにすべての場所でサインアウトし、すべてのアプリがアクセスできなくなります。
account-delete-grace = { $grace }は、サインインしてアカウントを維持できます。それまで、ほかの操作はできません。
account-delete-erased = その後、ここにあるお客様の情報はすべて消去され、元に戻せません。
account-delete-log = セキュリティの記録には、行われた操作が、ご本人を特定できない番号で残ります。
account-delete-confirm = 続行するには、ユーザー名 { $account } を入力してください
account-delete-submit = アカウントを削除する

# Password, address and trusted browsers

account-done-email-sent = 新しいアドレスにリンクを送信しました。リンクを開くと、そのアドレスに変わります。
account-done-email-proof = ご自分のアドレスであることを確認するリンクを送信しました。リンクを開いてください。
account-done-email-same = すでに確認済みの、現在のアドレスです。
account-done-password-only = パスワードを変更しました。
account-email-add = メール アドレスを追加
account-email-change = メール アドレスを変更
account-email-confirm = メール アドレスを確認
account-email-title = メール アドレス
account-email-hint-new = このアドレスにリンクを送信します。リンクを開くと、このアドレスに変わります。それまでは何も変わりません。
account-email-hint-proof = このアドレスにリンクを送信します。現在のアドレスはまだ確認されていません。そのまま送信すると確認できます。
account-email-submit = リンクを送信
account-change = 変更
account-set-one = 設定
account-password-now = 今すぐ変更
account-password-title = パスワードの変更
account-password-current = 現在のパスワード
account-password-wrong = 現在のパスワードと一致しません。
account-password-new = 新しいパスワード
account-password-hint = { $count } 文字以上。関連のない単語をいくつか並べると、覚えやすく推測されにくくなります。
account-password-others = ほかのすべての場所でサインアウト
account-password-others-hint = ほかのブラウザーと、そこで許可したアプリが対象です。古いパスワードを誰かに知られている可能性がある場合は、チェックを付けたままにしてください。
account-password-submit = パスワードを変更
account-problem-address = メール アドレスではありません。name@example.com の形で入力してください。
account-problem-no-address = 入力されていません。アドレスを入力してください。
account-problem-mails = この 1 時間に 3 通のメールを送信しました。後でもう一度お試しください。
account-event-password-changed = パスワードを変更しました
account-event-password-reset = メールのリンクからパスワードを設定しました
account-event-email-changed = メール アドレスが変更されました
account-event-email-verified = メール アドレスを確認しました
account-event-link-sent = メールでリンクを送信しました
account-event-code-sent = メールでコードを送信しました
account-event-unlocked = メールのリンクでブラウザーを許可しました
account-event-account-disowned = 身に覚えのない変更であると報告しました
account-event-trusted = ブラウザーを信頼しました
account-event-put-off = 第 2 段階の設定を後回しにしました
account-browser-trusted = { $date } まで第 2 段階を求めません。終わらせるには、この端末を削除してください。
