<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar" sourcelanguage="en">
<context>
    <name>Closing</name>
    <message>
        <source>Recording continues. Workdiary is in the system tray: its icon opens the window and its menu stops recording.</source>
        <translation>التسجيل مستمر. Workdiary في علبة النظام: أيقونته تفتح النافذة وقائمته توقف التسجيل.</translation>
    </message>
    <message>
        <source>Workdiary stays in the system tray. Its icon opens the window, its menu has Quit.</source>
        <translation>يبقى Workdiary في علبة النظام. أيقونته تفتح النافذة، وفي قائمته «إنهاء».</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>a span</comment>
        <translation>
            <numerusform>%n يوم</numerusform>
            <numerusform>يومًا واحدًا</numerusform>
            <numerusform>يومين</numerusform>
            <numerusform>%n أيام</numerusform>
            <numerusform>%n يومًا</numerusform>
            <numerusform>%n يوم</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Agree and start</source>
        <translation>&amp;أوافق وأبدأ</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>إ&amp;غلاق</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;ليس الآن</translation>
    </message>
    <message>
        <source>Anything before Start, after Stop or while paused.</source>
        <translation>أي شيء قبل «بدء» أو بعد «إيقاف» أو أثناء الإيقاف المؤقت.</translation>
    </message>
    <message>
        <source>Before you start</source>
        <translation>قبل أن تبدأ</translation>
    </message>
    <message>
        <source>For each minute, the number of key presses, mouse clicks, scrolls and mouse movements. Never what you type.</source>
        <translation>لكل دقيقة: عدد ضغطات المفاتيح ونقرات الفأرة والتمرير وحركات الفأرة. ولا يُسجَّل ما تكتبه أبدًا.</translation>
    </message>
    <message>
        <source>I &amp;agree</source>
        <translation>&amp;أوافق</translation>
    </message>
    <message>
        <source>No pictures: this contract asks for none.</source>
        <translation>بلا صور: هذا العقد لا يطلب صورًا.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: nothing, because input cannot be measured. Your time still counts.</source>
        <translation>على هذا الحاسوب بإعداده الحالي: لا شيء، لأن النشاط لا يمكن قياسه. ووقتك محسوب مع ذلك.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: only the number of seconds with input in each minute. Key presses and clicks are not counted.</source>
        <translation>على هذا الحاسوب بإعداده الحالي: عدد الثواني التي فيها نشاط في كل دقيقة فقط. ولا تُعَدّ ضغطات المفاتيح ولا النقرات.</translation>
    </message>
    <message>
        <source>Only between Start and Stop. The icon, its tooltip and the window always show that recording is on. There is no hidden mode.</source>
        <translation>بين «بدء» و«إيقاف» فقط. تُظهر الأيقونة وتلميحها والنافذة دائمًا أن التسجيل جارٍ. لا يوجد وضع خفي.</translation>
    </message>
    <message>
        <source>Pictures are kept for {days} after their upload. Deleting one removes its time from your bill.</source>
        <translation>تُحفظ الصور {days} بعد إرسالها. وحذف صورة يزيل وقتها من فاتورتك.</translation>
    </message>
    <message numerus="yes">
        <source>Pictures of the whole screen, %n every ten minutes, at a random moment.</source>
        <comment>number of pictures</comment>
        <translation>
            <numerusform>لا صور للشاشة كاملة (%n كل عشر دقائق).</numerusform>
            <numerusform>صورة واحدة للشاشة كاملة كل عشر دقائق، في لحظة عشوائية.</numerusform>
            <numerusform>صورتان للشاشة كاملة كل عشر دقائق، في لحظات عشوائية.</numerusform>
            <numerusform>%n صور للشاشة كاملة كل عشر دقائق، في لحظات عشوائية.</numerusform>
            <numerusform>%n صورة للشاشة كاملة كل عشر دقائق، في لحظات عشوائية.</numerusform>
            <numerusform>%n صورة للشاشة كاملة كل عشر دقائق، في لحظات عشوائية.</numerusform>
        </translation>
    </message>
    <message>
        <source>Recording stops by itself after {idle} without input, when you lock the screen, and when the computer sleeps.</source>
        <translation>يتوقف التسجيل من تلقاء نفسه بعد {idle} بلا نشاط، وعندما تقفل الشاشة، وعندما يدخل الحاسوب في السكون.</translation>
    </message>
    <message>
        <source>Recording stops by itself when you lock the screen and when the computer sleeps. It cannot notice that you are away: press Stop when you leave.</source>
        <translation>يتوقف التسجيل من تلقاء نفسه عندما تقفل الشاشة وعندما يدخل الحاسوب في السكون. ولا يمكنه أن يلاحظ غيابك: اضغط «إيقاف» عندما تغادر.</translation>
    </message>
    <message>
        <source>Start and end times and the number of active minutes are part of the signed record. They remain even if you delete everything else.</source>
        <translation>أوقات البدء والانتهاء وعدد الدقائق النشطة جزء من السجل الموقَّع. وهي تبقى حتى لو حذفت كل شيء آخر.</translation>
    </message>
    <message>
        <source>What is never recorded</source>
        <translation>ما لا يُسجَّل أبدًا</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>ما يُسجَّل</translation>
    </message>
    <message>
        <source>What you type, window titles, addresses, files, sound, camera, location.</source>
        <translation>ما تكتبه وعناوين النوافذ والعناوين والملفات والصوت والكاميرا والموقع.</translation>
    </message>
    <message>
        <source>When</source>
        <translation>متى</translation>
    </message>
    <message>
        <source>When you start and stop, and the memo you write.</source>
        <translation>متى تبدأ ومتى تتوقف، والوصف الذي تكتبه.</translation>
    </message>
    <message>
        <source>While you record, {client} and {marketplace} see that you are recording, and since when. Not while you are paused or stopped.</source>
        <translation>أثناء التسجيل يرى {client} و{marketplace} أنك تسجّل ومنذ متى. لا يظهر ذلك عند الإيقاف المؤقت أو بعد الإيقاف.</translation>
    </message>
    <message>
        <source>Who sees it, and for how long</source>
        <translation>من يراه، وإلى متى</translation>
    </message>
    <message>
        <source>Workdiary records your paid work for {client}. Please read what it records. Nothing is recorded before you agree.</source>
        <translation>يسجل Workdiary عملك المدفوع لصالح {client}. يُرجى قراءة ما يسجله. لا يُسجَّل شيء قبل موافقتك.</translation>
    </message>
    <message>
        <source>You see each picture first. It is uploaded after {review}, unless you delete it.</source>
        <translation>أنت ترى كل صورة أولًا. وتُرسَل بعد {review} ما لم تحذفها.</translation>
    </message>
    <message>
        <source>{client}, the people who review for them, and {marketplace}. You see all that they see, and who viewed which picture.</source>
        <translation>{client} ومن يراجعون لحسابه و{marketplace}. وأنت ترى كل ما يرونه، ومن شاهد كل صورة.</translation>
    </message>
</context>
<context>
    <name>Data</name>
    <message numerus="yes">
        <source>%n changes of memos and deletions have not reached the marketplace either.</source>
        <translation>
            <numerusform>وصلت كل تغييرات الأوصاف وعمليات الحذف إلى المنصة.</numerusform>
            <numerusform>ولم يصل إلى المنصة أيضًا تغيير وصف أو حذف واحد.</numerusform>
            <numerusform>ولم يصل إلى المنصة أيضًا تغييران في الأوصاف أو الحذف.</numerusform>
            <numerusform>ولم تصل إلى المنصة أيضًا %n تغييرات في الأوصاف والحذف.</numerusform>
            <numerusform>ولم يصل إلى المنصة أيضًا %n تغييرًا في الأوصاف والحذف.</numerusform>
            <numerusform>ولم يصل إلى المنصة أيضًا %n تغيير في الأوصاف والحذف.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting, {size}. Safe on this computer.</source>
        <translation>
            <numerusform>لا إدخالات تنتظر، {size}. آمنة على هذا الحاسوب.</numerusform>
            <numerusform>إدخال واحد ينتظر، {size}. آمن على هذا الحاسوب.</numerusform>
            <numerusform>إدخالان ينتظران، {size}. آمنان على هذا الحاسوب.</numerusform>
            <numerusform>%n إدخالات تنتظر، {size}. آمنة على هذا الحاسوب.</numerusform>
            <numerusform>%n إدخالًا تنتظر، {size}. آمنة على هذا الحاسوب.</numerusform>
            <numerusform>%n إدخال تنتظر، {size}. آمنة على هذا الحاسوب.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings ended unexpectedly and are not saved yet. Their time is lost too.</source>
        <translation>
            <numerusform>لا تسجيلات انتهت على نحو غير متوقع.</numerusform>
            <numerusform>انتهى تسجيل واحد على نحو غير متوقع ولم يُحفظ بعد. يضيع وقته أيضًا.</numerusform>
            <numerusform>انتهى تسجيلان على نحو غير متوقع ولم يُحفظا بعد. يضيع وقتهما أيضًا.</numerusform>
            <numerusform>انتهت %n تسجيلات على نحو غير متوقع ولم تُحفظ بعد. يضيع وقتها أيضًا.</numerusform>
            <numerusform>انتهى %n تسجيلًا على نحو غير متوقع ولم تُحفظ بعد. يضيع وقتها أيضًا.</numerusform>
            <numerusform>انتهى %n تسجيل على نحو غير متوقع ولم تُحفظ بعد. يضيع وقتها أيضًا.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>إل&amp;غاء</translation>
    </message>
    <message>
        <source>&amp;Delete it</source>
        <translation>&amp;حذف</translation>
    </message>
    <message>
        <source>&amp;Delete the diary</source>
        <translation>&amp;حذف اليوميات</translation>
    </message>
    <message>
        <source>&amp;Delete …</source>
        <translation>&amp;حذف …</translation>
    </message>
    <message>
        <source>&amp;Delete, lose {length}</source>
        <translation>&amp;حذف وفقدان {length}</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>المج&amp;لد</translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>إ&amp;بقاء</translation>
    </message>
    <message>
        <source>&amp;Limit for pending pictures</source>
        <translation>حد ال&amp;صور المنتظرة</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;فتح المجلد</translation>
    </message>
    <message>
        <source>&amp;Sign out and delete</source>
        <translation>تسجيل ال&amp;خروج والحذف</translation>
    </message>
    <message>
        <source>Asks first. What was uploaded remains at the marketplace.</source>
        <translation>يسأل أولًا. ما رُفع يبقى في المنصة.</translation>
    </message>
    <message>
        <source>At the marketplace, everything that was uploaded remains as it is, with its hours and pictures. Your settings and the program&apos;s log remain on this computer.</source>
        <translation>في المنصة يبقى كل ما رُفع كما هو، بساعاته وصوره. وتبقى إعداداتك وسجل البرنامج على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>At this limit recording stops. Nothing is lost; start again after the upload.</source>
        <translation>عند هذا الحد يتوقف التسجيل. لا يضيع شيء؛ ابدأ من جديد بعد الرفع.</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>البيانات</translation>
    </message>
    <message>
        <source>Delete the diary on this computer</source>
        <translation>حذف اليوميات من هذا الحاسوب</translation>
    </message>
    <message>
        <source>Delete the diary on this computer?</source>
        <translation>هل تريد حذف اليوميات من هذا الحاسوب؟</translation>
    </message>
    <message>
        <source>Deleted on this computer ({size}): the recorded time, memos and pictures of {marketplace}, and the receipts that prove your hours. To keep a proof, first save the record of each week in your diary.</source>
        <translation>يُحذف من هذا الحاسوب ({size}): الوقت المسجل والأوصاف والصور الخاصة بـ {marketplace}، والإيصالات التي تثبت ساعاتك. للاحتفاظ بإثبات، احفظ أولًا سجل كل أسبوع من يومياتك.</translation>
    </message>
    <message>
        <source>It covers {marketplace} only.</source>
        <translation>يخص {marketplace} فقط.</translation>
    </message>
    <message>
        <source>Nothing was deleted. Your work is kept.</source>
        <translation>لم يُحذف شيء. عملك محفوظ.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>أوقف التسجيل أولًا.</translation>
    </message>
    <message numerus="yes">
        <source>The marketplace refused %n entries.</source>
        <translation>
            <numerusform>لم ترفض المنصة أي إدخال.</numerusform>
            <numerusform>رفضت المنصة إدخالًا واحدًا.</numerusform>
            <numerusform>رفضت المنصة إدخالين.</numerusform>
            <numerusform>رفضت المنصة %n إدخالات.</numerusform>
            <numerusform>رفضت المنصة %n إدخالًا.</numerusform>
            <numerusform>رفضت المنصة %n إدخال.</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted work cannot be recovered. If you keep it, it stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>لا يمكن استرجاع العمل المحذوف. إذا أبقيته فسيظل آمنًا على هذا الحاسوب ويُرفع بعد تسجيل دخولك التالي.</translation>
    </message>
    <message>
        <source>Deleted. What was uploaded remains at the marketplace.</source>
        <translation>تم الحذف. ما رُفع يبقى في المنصة.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>المجلد</translation>
    </message>
    <message>
        <source>It takes {size}.</source>
        <translation>حجمه {size}.</translation>
    </message>
    <message>
        <source>Its size is being computed …</source>
        <translation>جارٍ حساب حجمه …</translation>
    </message>
    <message>
        <source>Not possible now: the diary is not open.</source>
        <translation>غير ممكن الآن: اليوميات غير مفتوحة.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>لا شيء ينتظر.</translation>
    </message>
    <message>
        <source>Nothing was deleted. {reason}</source>
        <translation>لم يُحذف شيء. {reason}</translation>
    </message>
    <message>
        <source>Pending uploads</source>
        <translation>عمليات الرفع المنتظرة</translation>
    </message>
    <message>
        <source>Signing out and uploading pending work …</source>
        <translation>جارٍ تسجيل الخروج ورفع العمل المنتظر …</translation>
    </message>
    <message>
        <source>Some of your work is not uploaded. Delete it?</source>
        <translation>جزء من عملك لم يُرفع. هل تريد حذفه؟</translation>
    </message>
    <message>
        <source>The folder cannot be read.</source>
        <translation>لا تمكن قراءة المجلد.</translation>
    </message>
    <message>
        <source>There is no diary here to delete.</source>
        <translation>لا توجد يوميات هنا لحذفها.</translation>
    </message>
    <message>
        <source>They are being counted …</source>
        <translation>جارٍ عدّها …</translation>
    </message>
    <message>
        <source>This computer is signed out first, and pending work is uploaded. Work that cannot be uploaded is only deleted after you confirm that too.</source>
        <translation>يُسجَّل خروج هذا الحاسوب أولًا ويُرفع العمل المنتظر. والعمل الذي يتعذر رفعه لا يُحذف إلا بعد أن تؤكد ذلك أيضًا.</translation>
    </message>
    <message>
        <source>{length} of work is neither uploaded nor paid. Delete it?</source>
        <translation>{length} من العمل لم تُرفع ولم تُدفع. هل تريد حذفها؟</translation>
    </message>
    <message>
        <source>{marketplace}: {pending}</source>
        <translation>{marketplace}: {pending}</translation>
    </message>
    <message>
        <source>{number}&#xa0;GB</source>
        <translation>{number}&#xa0;غ.ب</translation>
    </message>
    <message>
        <source>{number}&#xa0;MB</source>
        <translation>{number}&#xa0;م.ب</translation>
    </message>
    <message>
        <source>{number}&#xa0;kB</source>
        <translation>{number}&#xa0;ك.ب</translation>
    </message>
</context>
<context>
    <name>Day</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>إل&amp;غاء</translation>
    </message>
    <message>
        <source>&amp;Change memo …</source>
        <translation>&amp;تغيير الوصف …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;حذف</translation>
    </message>
    <message>
        <source>&amp;Open web diary</source>
        <translation>&amp;فتح اليوميات على الويب</translation>
    </message>
    <message>
        <source>&amp;Remove {length}</source>
        <translation>إ&amp;زالة {length}</translation>
    </message>
    <message>
        <source>&amp;Send again</source>
        <translation>إ&amp;رسال من جديد</translation>
    </message>
    <message>
        <source>&amp;Who viewed my pictures</source>
        <translation>&amp;من شاهد صوري</translation>
    </message>
    <message>
        <source>Activity counts deleted</source>
        <translation>حُذفت أعداد النشاط</translation>
    </message>
    <message numerus="yes">
        <source>%n clicks</source>
        <translation>
            <numerusform>لا نقرات</numerusform>
            <numerusform>نقرة واحدة</numerusform>
            <numerusform>نقرتان</numerusform>
            <numerusform>%n نقرات</numerusform>
            <numerusform>%n نقرة</numerusform>
            <numerusform>%n نقرة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys</source>
        <translation>
            <numerusform>لا مفاتيح</numerusform>
            <numerusform>مفتاح واحد</numerusform>
            <numerusform>مفتاحان</numerusform>
            <numerusform>%n مفاتيح</numerusform>
            <numerusform>%n مفتاحًا</numerusform>
            <numerusform>%n مفتاح</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Back to the day</source>
        <translation>ال&amp;عودة إلى اليوم</translation>
    </message>
    <message>
        <source>&amp;Check the week&apos;s record now</source>
        <translation>&amp;فحص سجل الأسبوع الآن</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>إ&amp;غلاق</translation>
    </message>
    <message>
        <source>&amp;Delete (removes {length})</source>
        <translation>&amp;حذف (يزيل {length})</translation>
    </message>
    <message>
        <source>&amp;Delete the picture (its time stays as it is)</source>
        <translation>&amp;حذف الصورة (يبقى وقتها كما هو)</translation>
    </message>
    <message>
        <source>&amp;Save memo</source>
        <translation>ح&amp;فظ الوصف</translation>
    </message>
    <message>
        <source>&amp;Save the week&apos;s record …</source>
        <translation>ح&amp;فظ سجل الأسبوع …</translation>
    </message>
    <message>
        <source>&amp;Today</source>
        <translation>ال&amp;يوم</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Undo (%n&#xa0;s)</source>
        <translation>
            <numerusform>ت&amp;راجع</numerusform>
            <numerusform>ت&amp;راجع (ثانية)</numerusform>
            <numerusform>ت&amp;راجع (ثانيتان)</numerusform>
            <numerusform>ت&amp;راجع (%n&#xa0;ث)</numerusform>
            <numerusform>ت&amp;راجع (%n&#xa0;ث)</numerusform>
            <numerusform>ت&amp;راجع (%n&#xa0;ث)</numerusform>
        </translation>
    </message>
    <message>
        <source>A picture was due and could not be taken</source>
        <translation>حان وقت صورة وتعذر التقاطها</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>النشاط</translation>
    </message>
    <message>
        <source>Activity of each minute</source>
        <translation>نشاط كل دقيقة</translation>
    </message>
    <message>
        <source>Add m&amp;anual time</source>
        <translation>إضافة وقت ي&amp;دوي</translation>
    </message>
    <message>
        <source>Add time that was not recorded</source>
        <translation>إضافة وقت لم يُسجَّل</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>كل العقود</translation>
    </message>
    <message>
        <source>All covered</source>
        <translation>مغطاة كلها</translation>
    </message>
    <message>
        <source>Automatic, memo, activity, within the limit</source>
        <translation>تلقائي، وصف، نشاط، ضمن الحد</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>العقد</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>مغطاة</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>Delete &amp;memo …</source>
        <translation>حذف ال&amp;وصف …</translation>
    </message>
    <message>
        <source>Delete &amp;picture and its time …</source>
        <translation>حذف ال&amp;صورة ووقتها …</translation>
    </message>
    <message>
        <source>Delete &amp;picture …</source>
        <translation>حذف ال&amp;صورة …</translation>
    </message>
    <message>
        <source>Delete activity cou&amp;nts …</source>
        <translation>حذف أعداد ال&amp;نشاط …</translation>
    </message>
    <message>
        <source>Delete the activity counts of this time?</source>
        <translation>هل تريد حذف أعداد النشاط لهذا الوقت؟</translation>
    </message>
    <message>
        <source>Delete this memo?</source>
        <translation>هل تريد حذف هذا الوصف؟</translation>
    </message>
    <message>
        <source>Delete this picture and its time?</source>
        <translation>هل تريد حذف هذه الصورة ووقتها؟</translation>
    </message>
    <message>
        <source>Delete this picture?</source>
        <translation>هل تريد حذف هذه الصورة؟</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>محذوف</translation>
    </message>
    <message>
        <source>Diary</source>
        <translation>اليوميات</translation>
    </message>
    <message>
        <source>Edit &amp;memo</source>
        <translation>تعديل ال&amp;وصف</translation>
    </message>
    <message>
        <source>Entered manually</source>
        <translation>أُدخل يدويًا</translation>
    </message>
    <message>
        <source>Entered manually, not recorded</source>
        <translation>أُدخل يدويًا ولم يُسجَّل</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>وقت الخمول</translation>
    </message>
    <message>
        <source>Idle time has no picture</source>
        <translation>لا صورة لوقت الخمول</translation>
    </message>
    <message>
        <source>Idle time that you kept</source>
        <translation>وقت خمول احتفظت به</translation>
    </message>
    <message>
        <source>Idle, kept</source>
        <translation>خمول</translation>
    </message>
    <message>
        <source>Input is not measured</source>
        <translation>النشاط لا يُقاس</translation>
    </message>
    <message>
        <source>Input was not measured</source>
        <translation>لم يُقَس النشاط</translation>
    </message>
    <message>
        <source>It counts once it is in the log</source>
        <translation>يُحسب عندما يدخل سجل الشفافية</translation>
    </message>
    <message>
        <source>It has no memo</source>
        <translation>لا وصف له</translation>
    </message>
    <message>
        <source>It is over the weekly limit</source>
        <translation>يتجاوز الحد الأسبوعي</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>جارٍ تحميل الصورة …</translation>
    </message>
    <message>
        <source>Log entry {number}, received {when}</source>
        <translation>المدخلة {number} في سجل الشفافية، تسلّمها {when}</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>يدوي</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>الوصف</translation>
    </message>
    <message>
        <source>Memo changed. The earlier memo stays visible.</source>
        <translation>غُيِّر الوصف. يبقى الوصف السابق ظاهرًا.</translation>
    </message>
    <message>
        <source>Memo, activity, within the limit so far</source>
        <translation>وصف، نشاط، ضمن الحد حتى الآن</translation>
    </message>
    <message>
        <source>More actions on this time</source>
        <translation>إجراءات أخرى لهذا الوقت</translation>
    </message>
    <message>
        <source>New memo</source>
        <translation>وصف جديد</translation>
    </message>
    <message>
        <source>No memo</source>
        <comment>in a small slot</comment>
        <translation>بلا وصف</translation>
    </message>
    <message>
        <source>Nobody has viewed this picture yet.</source>
        <translation>لم يشاهد أحد هذه الصورة بعد.</translation>
    </message>
    <message>
        <source>Not known on this computer</source>
        <translation>غير معروف على هذا الحاسوب</translation>
    </message>
    <message>
        <source>Other computer</source>
        <comment>in a small slot</comment>
        <translation>حاسوب آخر</translation>
    </message>
    <message>
        <source>Question</source>
        <comment>in a small slot</comment>
        <translation>سؤال</translation>
    </message>
    <message>
        <source>Recorded on another computer</source>
        <translation>سُجّل على حاسوب آخر</translation>
    </message>
    <message>
        <source>Save or check the week&apos;s record</source>
        <translation>حفظ سجل الأسبوع أو فحصه</translation>
    </message>
    <message>
        <source>Screen locked</source>
        <translation>الشاشة مقفلة</translation>
    </message>
    <message>
        <source>Screenshots blocked</source>
        <translation>اللقطات محظورة</translation>
    </message>
    <message>
        <source>Set aside</source>
        <comment>in a small slot</comment>
        <translation>وُضع جانبًا</translation>
    </message>
    <message>
        <source>Such questions change no payment. The client sees them once the week is locked; a memo can answer them in advance.</source>
        <translation>هذه الأسئلة لا تغيّر أي دفع. يراها العميل بعد قفل الأسبوع، ويمكن للوصف أن يجيب عنها مسبقًا.</translation>
    </message>
    <message>
        <source>The client may ask: did a program make most of this input? Remote control, accessibility tools and macros do that.</source>
        <translation>قد يسأل العميل: هل أنشأ برنامج معظم هذا الإدخال؟ التحكم عن بُعد وأدوات تسهيل الاستخدام والماكرو تفعل ذلك.</translation>
    </message>
    <message>
        <source>The client may ask: was this work on another screen? The pictures are identical while there was much input.</source>
        <translation>قد يسأل العميل: هل كان هذا العمل على شاشة أخرى؟ الصور متطابقة مع وجود إدخال كثير.</translation>
    </message>
    <message>
        <source>The client may ask: why is this input so regular? A game pad, a drawing tablet or a held key can do that.</source>
        <translation>قد يسأل العميل: لماذا هذا الإدخال منتظم إلى هذا الحد؟ يد تحكم أو لوح رسم أو مفتاح مضغوط قد يسبب ذلك.</translation>
    </message>
    <message>
        <source>The list of views cannot be read now.</source>
        <translation>لا يمكن قراءة قائمة المشاهدات الآن.</translation>
    </message>
    <message>
        <source>The page in the browser shows all views.</source>
        <translation>تعرض الصفحة في المتصفح كل المشاهدات.</translation>
    </message>
    <message>
        <source>The page in the browser shows it.</source>
        <translation>تعرضه الصفحة في المتصفح.</translation>
    </message>
    <message>
        <source>The week can be changed until {when}</source>
        <translation>يمكن تعديل الأسبوع حتى {when}</translation>
    </message>
    <message>
        <source>This computer has no picture of this time.</source>
        <translation>لا توجد على هذا الحاسوب صورة لهذا الوقت.</translation>
    </message>
    <message>
        <source>Unmeasured</source>
        <translation>غير مقيس</translation>
    </message>
    <message>
        <source>Unpaid</source>
        <translation>غير مدفوع</translation>
    </message>
    <message>
        <source>Unprotected</source>
        <translation>غير محمي</translation>
    </message>
    <message>
        <source>Uploaded</source>
        <translation>أُرسل</translation>
    </message>
    <message>
        <source>Uploaded, picture waiting</source>
        <translation>أُرسل، وصورته في الانتظار</translation>
    </message>
    <message>
        <source>View &amp;full size</source>
        <translation>عرض بالحجم ال&amp;كامل</translation>
    </message>
    <message>
        <source>Viewed by you, last {when}</source>
        <translation>شاهدتها أنت، آخر مرة {when}</translation>
    </message>
    <message>
        <source>Viewed by {name}, last {when}</source>
        <translation>شاهدها {name}، آخر مرة {when}</translation>
    </message>
    <message>
        <source>W&amp;eek</source>
        <translation>ال&amp;أسبوع</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>في الانتظار</translation>
    </message>
    <message>
        <source>Waiting on this computer</source>
        <translation>في الانتظار على هذا الحاسوب</translation>
    </message>
    <message>
        <source>Weeks begin on Monday at midnight UTC</source>
        <translation>تبدأ الأسابيع يوم الاثنين عند منتصف الليل بالتوقيت العالمي</translation>
    </message>
    <message>
        <source>Will be protected</source>
        <translation>سيكون محميًا</translation>
    </message>
    <message>
        <source>You removed this time from your bill</source>
        <translation>أزلت هذا الوقت من فاتورتك</translation>
    </message>
    <message>
        <source>activity {level} of 10</source>
        <translation>النشاط {level} من 10</translation>
    </message>
    <message>
        <source>its week</source>
        <translation>أسبوعه</translation>
    </message>
    <message>
        <source>minute {number}: no input</source>
        <translation>الدقيقة {number}: لا نشاط</translation>
    </message>
    <message>
        <source>minute {number}: not measured</source>
        <translation>الدقيقة {number}: غير مقيسة</translation>
    </message>
    <message>
        <source>minute {number}: not recorded</source>
        <translation>الدقيقة {number}: غير مسجلة</translation>
    </message>
    <message>
        <source>minute {number}: {total} actions</source>
        <translation>الدقيقة {number}: {total} من الأفعال</translation>
    </message>
    <message>
        <source>not protected</source>
        <translation>غير محمي</translation>
    </message>
    <message>
        <source>of {limit}</source>
        <translation>من {limit}</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>صورة</translation>
    </message>
    <message>
        <source>recording now</source>
        <translation>يُسجَّل الآن</translation>
    </message>
    <message>
        <source>this day</source>
        <translation>هذا اليوم</translation>
    </message>
    <message>
        <source>this week</source>
        <translation>هذا الأسبوع</translation>
    </message>
    <message>
        <source>today</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>{length} are unpaid.</source>
        <translation>{length} غير مدفوع.</translation>
    </message>
    <message>
        <source>{length} unpaid</source>
        <translation>{length} غير مدفوع</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
    <message>
        <source>{start}–{end}, part {number} of {count}</source>
        <translation>{start}–{end}، الجزء {number} من {count}</translation>
    </message>
    <message>
        <source>{start}–{end}: no time recorded</source>
        <translation>{start}–{end}: لا وقت مسجل</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace, with its earlier versions. The time remains paid, but without a memo it is not protected.</source>
        <translation>يُمحى هنا وعلى المنصة مع نسخه السابقة. ويبقى الوقت مدفوعًا، لكنه غير محمي بلا وصف.</translation>
    </message>
    <message>
        <source>Deleting</source>
        <comment>in a small slot</comment>
        <translation>جارٍ الحذف</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. The week is locked, so its time remains paid.</source>
        <translation>تُمحى هنا وعلى المنصة. الأسبوع مغلق، لذلك يبقى وقتها مدفوعًا.</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. {length} of paid time are removed.</source>
        <translation>تُمحى هنا وعلى المنصة. ويُزال {length} من الوقت المدفوع.</translation>
    </message>
    <message>
        <source>Memo deleted</source>
        <translation>حُذف الوصف</translation>
    </message>
    <message>
        <source>Next day</source>
        <translation>اليوم التالي</translation>
    </message>
    <message>
        <source>Next part of this slot</source>
        <translation>الجزء التالي من هذه الفترة</translation>
    </message>
    <message>
        <source>No entries yet today. A new one appears every ten minutes of work.</source>
        <translation>لا مدخلات اليوم بعد. تظهر واحدة كل عشر دقائق من العمل.</translation>
    </message>
    <message>
        <source>No memo</source>
        <translation>بلا وصف</translation>
    </message>
    <message>
        <source>No memo yet: this slot will not be protected</source>
        <translation>لا وصف بعد: لن تكون هذه الفترة محمية</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>بلا صورة</translation>
    </message>
    <message>
        <source>No picture due</source>
        <translation>لا صورة مقررة</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>لا صورة بعد</translation>
    </message>
    <message>
        <source>No random picture time covers it</source>
        <translation>لا تغطيه لحظة عشوائية لصورة</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>غير مقيس</translation>
    </message>
    <message>
        <source>Not protected</source>
        <translation>غير محمي</translation>
    </message>
    <message>
        <source>Not protected yet</source>
        <translation>غير محمي بعد</translation>
    </message>
    <message>
        <source>Over limit</source>
        <translation>فوق الحد</translation>
    </message>
    <message>
        <source>Over the weekly limit</source>
        <translation>فوق الحد الأسبوعي</translation>
    </message>
    <message>
        <source>Picture deleted</source>
        <translation>حُذفت الصورة</translation>
    </message>
    <message>
        <source>Picture failed</source>
        <translation>فشلت الصورة</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>التُقطت الصورة {time}</translation>
    </message>
    <message>
        <source>Picture taken {time}, partly covered</source>
        <translation>التُقطت الصورة {time}، مغطاة جزئيًا</translation>
    </message>
    <message>
        <source>Previous day</source>
        <translation>اليوم السابق</translation>
    </message>
    <message>
        <source>Previous part of this slot</source>
        <translation>الجزء السابق من هذه الفترة</translation>
    </message>
    <message>
        <source>Protected</source>
        <translation>محمي</translation>
    </message>
    <message>
        <source>Reason: {note}</source>
        <translation>السبب: {note}</translation>
    </message>
    <message>
        <source>Receipted</source>
        <translation>له إيصال</translation>
    </message>
    <message>
        <source>Receipted and logged</source>
        <translation>له إيصال وفي سجل الشفافية</translation>
    </message>
    <message>
        <source>Receipted {time}, logged</source>
        <translation>الإيصال {time}، في سجل الشفافية</translation>
    </message>
    <message>
        <source>Recording now</source>
        <translation>يُسجَّل الآن</translation>
    </message>
    <message>
        <source>Recording now, part {number} of {count}</source>
        <translation>يُسجَّل الآن، الجزء {number} من {count}</translation>
    </message>
    <message>
        <source>Refused: {reason}</source>
        <translation>مرفوض: {reason}</translation>
    </message>
    <message>
        <source>Remove this &amp;time from my bill …</source>
        <translation>إزالة هذا ال&amp;وقت من فاتورتي …</translation>
    </message>
    <message>
        <source>Remove this time from your bill?</source>
        <translation>هل تريد إزالة هذا الوقت من فاتورتك؟</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>وُضع جانبًا</translation>
    </message>
    <message>
        <source>Show the first such slot</source>
        <translation>عرض أول فترة كهذه</translation>
    </message>
    <message>
        <source>The earlier memo stays visible.</source>
        <translation>يبقى الوصف السابق ظاهرًا.</translation>
    </message>
    <message>
        <source>The marketplace does not count it</source>
        <translation>لا تحسبه المنصة</translation>
    </message>
    <message>
        <source>The numbers of key presses and clicks are erased here and at the marketplace. The time remains paid.</source>
        <translation>تُمحى أعداد ضغطات المفاتيح والنقرات هنا وعلى المنصة. ويبقى الوقت مدفوعًا.</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>لم تعد الصورة على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The record keeps that you worked from {time}, the number of minutes with input, and that you deleted something.</source>
        <translation>يحتفظ السجل بأنك عملت من {time}، وبعدد الدقائق التي فيها نشاط، وبأنك حذفت شيئًا.</translation>
    </message>
    <message>
        <source>The week is locked since {when}</source>
        <translation>الأسبوع مغلق منذ {when}</translation>
    </message>
    <message>
        <source>This computer recorded nothing on this day.</source>
        <translation>لم يسجل هذا الحاسوب شيئًا في هذا اليوم.</translation>
    </message>
    <message>
        <source>Unpaid: {reason}</source>
        <translation>غير مدفوع: {reason}</translation>
    </message>
    <message>
        <source>{length} will no longer count. The picture and the memo stay.</source>
        <translation>لن يُحسب {length} بعد الآن. وتبقى الصورة والوصف.</translation>
    </message>
    <message>
        <source>{level} of 10 min</source>
        <translation>{level} من 10 د</translation>
    </message>
    <message>
        <source>{level} of 10 min so far</source>
        <translation>{level} من 10 د حتى الآن</translation>
    </message>
    <message>
        <source>{number} of 10 min</source>
        <translation>{number} من 10 د</translation>
    </message>
    <message>
        <source>{start} to {end}</source>
        <translation>{start} إلى {end}</translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>&amp;No, show my devices</source>
        <translation>&amp;لا، اعرض أجهزتي</translation>
    </message>
    <message>
        <source>&amp;Yes, it is mine</source>
        <translation>&amp;نعم، إنه لي</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>سجّل جهاز جديد الدخول إلى حسابك. هل هو لك؟</translation>
    </message>
    <message>
        <source>{name}, since {when}. If it is yours, this computer confirms that. If not, open your devices page and stop it there.</source>
        <translation>{name}، منذ {when}. إذا كان لك فسيؤكد هذا الحاسوب ذلك. وإلا فافتح صفحة أجهزتك وأوقفه هناك.</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>&amp;Check again</source>
        <translation>إعادة ال&amp;فحص</translation>
    </message>
    <message>
        <source>A Wayland session.</source>
        <translation>جلسة Wayland.</translation>
    </message>
    <message>
        <source>A Windows session.</source>
        <translation>جلسة Windows.</translation>
    </message>
    <message>
        <source>A better method failed: {detail}.</source>
        <translation>فشلت طريقة أفضل: {detail}.</translation>
    </message>
    <message>
        <source>A clock cannot be read: {detail}. Time cannot be counted without it.</source>
        <translation>تتعذر قراءة إحدى الساعات: {detail}. ولا يمكن حساب الوقت من دونها.</translation>
    </message>
    <message>
        <source>A keyring for this computer&apos;s keys was found.</source>
        <translation>عُثر على حلقة مفاتيح لمفاتيح هذا الحاسوب.</translation>
    </message>
    <message>
        <source>A macOS session.</source>
        <translation>جلسة macOS.</translation>
    </message>
    <message>
        <source>A test lock in {folder} failed. Check the drive.</source>
        <translation>فشل قفل تجريبي في {folder}. افحص القرص.</translation>
    </message>
    <message>
        <source>A test screenshot failed: {detail}. Work can be recorded; the record states why it has no picture.</source>
        <translation>فشلت لقطة شاشة تجريبية: {detail}. يمكن تسجيل العمل، ويذكر السجل سبب غياب الصورة.</translation>
    </message>
    <message>
        <source>An X11 session.</source>
        <translation>جلسة X11.</translation>
    </message>
    <message>
        <source>Cannot be detected while input is not measured. Press Stop when you leave.</source>
        <translation>لا يمكن اكتشافه ما دام النشاط غير مقيس. اضغط «إيقاف» عندما تغادر.</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>جارٍ الفحص …</translation>
    </message>
    <message>
        <source>Clocks</source>
        <translation>الساعات</translation>
    </message>
    <message>
        <source>Clocks are readable.</source>
        <translation>الساعات قابلة للقراءة.</translation>
    </message>
    <message>
        <source>Counting is switched off in the settings. Only the seconds with input are recorded.</source>
        <translation>العدّ متوقف في الإعدادات. تُسجَّل الثواني التي فيها نشاط فقط.</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>سطح المكتب</translation>
    </message>
    <message>
        <source>Detected from missing input.</source>
        <translation>يُكتشف من غياب النشاط.</translation>
    </message>
    <message>
        <source>GNOME on Wayland does not allow input counts; only seconds with activity are recorded.</source>
        <translation>لا يسمح GNOME على Wayland بعدّ المفاتيح والنقرات، وتُسجَّل الثواني التي فيها نشاط فقط.</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>وقت الخمول</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>المفاتيح والفأرة</translation>
    </message>
    <message>
        <source>Input cannot be measured: {detail}. Your time still counts; the record notes that activity was not measured.</source>
        <translation>لا يمكن قياس النشاط: {detail}. ووقتك محسوب مع ذلك، ويذكر السجل أن النشاط لم يُقَس.</translation>
    </message>
    <message>
        <source>Input is counted at the X server (XInput2).</source>
        <translation>تُعَدّ المفاتيح والنقرات في خادم X (XInput2).</translation>
    </message>
    <message>
        <source>Input is counted at the X server.</source>
        <translation>تُعَدّ المفاتيح والنقرات في خادم X.</translation>
    </message>
    <message>
        <source>Input is counted through Windows.</source>
        <translation>تُعَدّ المفاتيح والنقرات عبر Windows.</translation>
    </message>
    <message>
        <source>Input is counted through macOS.</source>
        <translation>تُعَدّ المفاتيح والنقرات عبر macOS.</translation>
    </message>
    <message>
        <source>Keyring</source>
        <translation>حلقة المفاتيح</translation>
    </message>
    <message>
        <source>Lock and sleep</source>
        <translation>القفل والسكون</translation>
    </message>
    <message>
        <source>Marketplace</source>
        <translation>المنصة</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>يحتاج إلى انتباهك</translation>
    </message>
    <message numerus="yes">
        <source>Needs attention: %n</source>
        <comment>a number of lines</comment>
        <translation>
            <numerusform>لا شيء يحتاج إلى انتباهك</numerusform>
            <numerusform>أمر واحد يحتاج إلى انتباهك</numerusform>
            <numerusform>أمران يحتاجان إلى انتباهك</numerusform>
            <numerusform>%n أمور تحتاج إلى انتباهك</numerusform>
            <numerusform>%n أمرًا يحتاج إلى انتباهك</numerusform>
            <numerusform>%n أمر يحتاج إلى انتباهك</numerusform>
        </translation>
    </message>
    <message>
        <source>No desktop session found. Start Workdiary in one, or set DISPLAY or WAYLAND_DISPLAY.</source>
        <translation>لم يُعثر على جلسة سطح مكتب. شغّل Workdiary في جلسة، أو عيّن DISPLAY أو WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>لا سطح مكتب: لم يُعيَّن DISPLAY ولا WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No keyring found, and the keys are stored only in a keyring. Install GNOME Keyring or KWallet, then log in again.</source>
        <translation>لم يُعثر على حلقة مفاتيح، ولا تُخزَّن المفاتيح إلا فيها. ثبّت GNOME Keyring أو KWallet ثم سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>No screen: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>لا شاشة: لم يُعيَّن DISPLAY ولا WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No session bus (D-Bus) found. Notifications and the keyring need it. Start Workdiary from the desktop.</source>
        <translation>لم يُعثر على ناقل الجلسة (D-Bus). الإشعارات وحلقة المفاتيح تحتاجان إليه. شغّل Workdiary من سطح المكتب.</translation>
    </message>
    <message>
        <source>No system tray found; use the window instead of the icon. On GNOME, the AppIndicator extension adds a tray.</source>
        <translation>لم يُعثر على علبة النظام، فاستخدم النافذة بدل الأيقونة. في GNOME تضيف الإضافة AppIndicator علبة.</translation>
    </message>
    <message>
        <source>Nothing needs attention.</source>
        <translation>لا شيء يحتاج إلى انتباهك.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>الإشعارات</translation>
    </message>
    <message>
        <source>Only {free} GB are free on the disk of {folder}. Free some space before you record.</source>
        <translation>لم يبق سوى {free} غ.ب على قرص {folder}. أفرغ بعض المساحة قبل التسجيل.</translation>
    </message>
    <message>
        <source>Open the system settings</source>
        <translation>فتح إعدادات النظام</translation>
    </message>
    <message>
        <source>Provided by the system.</source>
        <translation>جزء من النظام.</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>الصور</translation>
    </message>
    <message>
        <source>Pictures are taken from the X server.</source>
        <translation>تُلتقط الصور من خادم X.</translation>
    </message>
    <message>
        <source>Pictures are taken through Windows.</source>
        <translation>تُلتقط الصور عبر Windows.</translation>
    </message>
    <message>
        <source>Pictures are taken through macOS.</source>
        <translation>تُلتقط الصور عبر macOS.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s portal, which may ask you once.</source>
        <translation>تُلتقط الصور عبر بوابة سطح المكتب، وقد تسألك مرة واحدة.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s screen cast portal, one frame at a time; it asks you once, and may briefly show that the screen is being recorded.</source>
        <translation>تُلتقط الصور عبر بوابة بث الشاشة في سطح المكتب، إطارًا واحدًا كل مرة. وهي تسألك مرة واحدة، وقد تُظهر لوقت قصير أن الشاشة تُسجَّل.</translation>
    </message>
    <message>
        <source>Sleep is detected by the clocks afterwards and is not counted. A locked screen is not detected: press Stop before you lock it.</source>
        <translation>يُكتشف السكون لاحقًا من الساعات ولا يُحسب. ولا تُكتشف الشاشة المقفلة: اضغط «إيقاف» قبل أن تقفلها.</translation>
    </message>
    <message>
        <source>State folder</source>
        <translation>مجلد البيانات</translation>
    </message>
    <message>
        <source>System tray found.</source>
        <translation>عُثر على علبة النظام.</translation>
    </message>
    <message>
        <source>The check itself failed. The reason is in the log.</source>
        <translation>فشل الفحص نفسه. السبب مدوَّن في ملف التدوين.</translation>
    </message>
    <message>
        <source>The compositor reports activity per second; keys and clicks are not counted.</source>
        <translation>يبلّغ مدير النوافذ عن النشاط كل ثانية، ولا تُعَدّ المفاتيح والنقرات.</translation>
    </message>
    <message>
        <source>The desktop reports when it is locked.</source>
        <translation>يبلّغ سطح المكتب عندما يُقفل.</translation>
    </message>
    <message>
        <source>The desktop shows no notifications. Workdiary shows messages in its own windows.</source>
        <translation>لا يعرض سطح المكتب إشعارات. يعرض Workdiary الرسائل في نوافذه.</translation>
    </message>
    <message>
        <source>The desktop shows notifications.</source>
        <translation>يعرض سطح المكتب الإشعارات.</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot hold a database (SQLite). Choose a folder on another drive (--base-dir).</source>
        <translation>لا يصلح قرص {folder} لقاعدة بيانات (SQLite). اختر مجلدًا على قرص آخر (--base-dir).</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot lock files, so two programs could write to one diary. Choose a folder on another drive (--base-dir).</source>
        <translation>لا يستطيع قرص {folder} قفل الملفات، فقد يكتب برنامجان في يوميات واحدة. اختر مجلدًا على قرص آخر (--base-dir).</translation>
    </message>
    <message>
        <source>The keyring did not answer. It may be waiting for you in a dialog.</source>
        <translation>لم ترد حلقة المفاتيح. ربما تنتظرك في مربع حوار.</translation>
    </message>
    <message>
        <source>The proxy {detail} did not connect to {name}. Ask the network&apos;s administrator whether the proxy allows the marketplace.</source>
        <translation>لم يتصل الخادم الوكيل {detail} بـ {name}. اسأل مسؤول الشبكة هل يسمح الوكيل بالمنصة.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, asks for a user name and a password. Enter them under Network in the settings, or ask the network&apos;s administrator.</source>
        <translation>يطلب الخادم الوكيل {detail}، الذي يصل إلى {name}، اسم مستخدم وكلمة مرور. أدخلهما تحت «الشبكة» في الإعدادات، أو اسأل مسؤول الشبكة.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, does not answer. Check it under Network in the settings.</source>
        <translation>لا يرد الخادم الوكيل {detail}، الذي يصل إلى {name}. افحصه تحت «الشبكة» في الإعدادات.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, has an unknown host name. Check it under Network in the settings.</source>
        <translation>للخادم الوكيل {detail}، الذي يصل إلى {name}، اسم مضيف غير معروف. افحصه تحت «الشبكة» في الإعدادات.</translation>
    </message>
    <message>
        <source>Workdiary cannot use the proxy {detail}, which connects to {name}: its type is not supported. Enter the address of an HTTP proxy under Network in the settings.</source>
        <translation>لا يستطيع Workdiary استخدام الخادم الوكيل {detail}، الذي يصل إلى {name}: نوعه غير مدعوم. أدخل عنوان وكيل HTTP تحت «الشبكة» في الإعدادات.</translation>
    </message>
    <message>
        <source>The system delays sleep until the work is saved (logind).</source>
        <translation>يؤخر النظام السكون حتى يُحفظ العمل (logind).</translation>
    </message>
    <message>
        <source>This Wayland desktop does not report input; your time counts, and the record states that activity was not measured. A session on Xorg, chosen at the login screen, has counts.</source>
        <translation>لا يبلّغ سطح مكتب Wayland هذا عن النشاط. وقتك محسوب، ويذكر السجل أن النشاط لم يُقَس. أما جلسة Xorg، التي تختارها في شاشة الدخول، ففيها العدّ.</translation>
    </message>
    <message>
        <source>This Wayland desktop has no portal that takes pictures (xdg-desktop-portal with a Screenshot interface); your time counts, and the record states why there is no picture. In a session on Xorg, chosen at the login screen, pictures work.</source>
        <translation>ليست في سطح مكتب Wayland هذا بوابة تلتقط الصور (xdg-desktop-portal بواجهة Screenshot). وقتك محسوب، ويذكر السجل سبب غياب الصورة. وتعمل الصور في جلسة Xorg التي تختارها في شاشة الدخول.</translation>
    </message>
    <message>
        <source>This Wayland desktop offers programs only screen casts (the ScreenCast portal). To take pictures from them, install GStreamer&apos;s tools with their PipeWire and PNG elements; on Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base and gstreamer1.0-plugins-good.</source>
        <translation>لا يتيح سطح مكتب Wayland هذا للبرامج سوى بث الشاشة (بوابة ScreenCast). لالتقاط الصور منه ثبّت أدوات GStreamer مع عنصري PipeWire وPNG، وهي في Debian: gstreamer1.0-tools وgstreamer1.0-pipewire وgstreamer1.0-plugins-base وgstreamer1.0-plugins-good.</translation>
    </message>
    <message>
        <source>This X server does not allow input counts; only seconds with activity are recorded.</source>
        <translation>لا يسمح خادم X هذا بعدّ المفاتيح والنقرات، وتُسجَّل الثواني التي فيها نشاط فقط.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>هذا الحاسوب</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet.</source>
        <translation>لم يُربط هذا الحاسوب بأي منصة بعد.</translation>
    </message>
    <message>
        <source>This version cannot count input on this system.</source>
        <translation>لا تستطيع هذه النسخة عدّ المفاتيح والنقرات على هذا النظام.</translation>
    </message>
    <message>
        <source>This version takes no pictures on this system.</source>
        <translation>لا تلتقط هذه النسخة صورًا على هذا النظام.</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>علبة النظام</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>الإصدارات</translation>
    </message>
    <message>
        <source>While recording, Workdiary checks once a second whether macOS has locked the screen; the clocks detect sleep.</source>
        <translation>أثناء التسجيل يفحص Workdiary كل ثانية هل قفل macOS الشاشة، وتكتشف الساعات السكون.</translation>
    </message>
    <message>
        <source>Windows reports lock and sleep.</source>
        <translation>يبلّغ Windows عن القفل والسكون.</translation>
    </message>
    <message>
        <source>Windows reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>لا يبلّغ Windows إلا عن الثواني التي فيها نشاط، ولا تُعَدّ المفاتيح والنقرات.</translation>
    </message>
    <message>
        <source>Workdiary records for this marketplace.</source>
        <translation>يسجّل Workdiary لهذه المنصة.</translation>
    </message>
    <message>
        <source>Workdiary {workdiary}, Python {python}, Qt {qt}, {system}.</source>
        <translation>Workdiary {workdiary}، Python {python}، Qt {qt}، {system}.</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>يعمل</translation>
    </message>
    <message>
        <source>Works in part</source>
        <translation>يعمل جزئيًا</translation>
    </message>
    <message>
        <source>You have switched counting off, and this system does not report seconds with activity; your time counts, and the record states that activity was not measured.</source>
        <translation>أوقفتَ العدّ، وهذا النظام لا يبلّغ عن الثواني التي فيها نشاط. وقتك محسوب، ويذكر السجل أن النشاط لم يُقَس.</translation>
    </message>
    <message>
        <source>macOS does not allow input counts; only seconds with activity are recorded. For counts, allow Workdiary under System Settings, Privacy &amp; Security, Input Monitoring, then start recording again.</source>
        <translation>لا يسمح macOS بعدّ المفاتيح والنقرات، وتُسجَّل الثواني التي فيها نشاط فقط. لعدّها اسمح لـ Workdiary في «إعدادات النظام»، «الخصوصية والأمن»، «مراقبة الإدخال»، ثم ابدأ التسجيل من جديد.</translation>
    </message>
    <message>
        <source>macOS does not allow pictures. Allow Workdiary under System Settings, Privacy &amp; Security, Screen Recording, then start recording again.</source>
        <translation>لا يسمح macOS بالصور. اسمح لـ Workdiary في «إعدادات النظام»، «الخصوصية والأمن»، «تسجيل الشاشة»، ثم ابدأ التسجيل من جديد.</translation>
    </message>
    <message>
        <source>macOS reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>لا يبلّغ macOS إلا عن الثواني التي فيها نشاط، ولا تُعَدّ المفاتيح والنقرات.</translation>
    </message>
    <message>
        <source>{folder} cannot be used: a symbolic link in its path has no target ({detail}). Restore the target, or choose another folder (--base-dir).</source>
        <translation>لا يمكن استخدام {folder}: في مساره رابط رمزي بلا هدف ({detail}). أعد الهدف، أو اختر مجلدًا آخر (--base-dir).</translation>
    </message>
    <message>
        <source>{folder} is not writable ({detail}). Nothing can be recorded until it is.</source>
        <translation>لا تمكن الكتابة في {folder} ({detail}). ولا يمكن تسجيل شيء حتى يُحل ذلك.</translation>
    </message>
    <message>
        <source>{folder} is on a drive that is not connected. Connect it before you start.</source>
        <translation>المجلد {folder} على قرص غير موصول. أوصله قبل أن تبدأ.</translation>
    </message>
    <message>
        <source>{folder} is writable; {free} GB of the disk are free.</source>
        <translation>تمكن الكتابة في {folder}، والمساحة الحرة على القرص {free} غ.ب.</translation>
    </message>
    <message>
        <source>{name} answers.</source>
        <translation>{name} يرد.</translation>
    </message>
    <message>
        <source>{name} cannot be reached ({problem}). Work can be recorded and is uploaded later.</source>
        <translation>يتعذر الوصول إلى {name} ({problem}). يمكن تسجيل العمل، ويُرسَل لاحقًا.</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>a file is missing, was changed, or is not the one that was asked for</source>
        <translation>ملف مفقود أو مغيَّر أو ليس الملف المطلوب</translation>
    </message>
    <message>
        <source>a log key cannot be used or was not announced</source>
        <translation>مفتاح لسجل الشفافية لا يمكن استخدامه أو لم يُعلَن</translation>
    </message>
    <message>
        <source>a part appears twice or uses the name of a signed field</source>
        <translation>جزء يظهر مرتين أو يستخدم اسم حقل موقَّع</translation>
    </message>
    <message>
        <source>a part had not arrived at the marketplace</source>
        <translation>جزء لم يكن قد وصل إلى المنصة</translation>
    </message>
    <message>
        <source>a part that was never signed is shown</source>
        <translation>يظهر جزء لم يُوقَّع قط</translation>
    </message>
    <message>
        <source>a picture file differs from the one that was signed</source>
        <translation>ملف صورة يختلف عن الملف الموقَّع</translation>
    </message>
    <message>
        <source>a picture was not taken at its random time</source>
        <translation>صورة لم تُلتقط في لحظتها العشوائية</translation>
    </message>
    <message>
        <source>another copy of this folder used its number first</source>
        <translation>نسخة أخرى من هذا المجلد استخدمت رقمه أولًا</translation>
    </message>
    <message>
        <source>another copy of this folder used the number before it</source>
        <translation>نسخة أخرى من هذا المجلد استخدمت الرقم الذي قبله</translation>
    </message>
    <message>
        <source>it arrived too late</source>
        <translation>وصل متأخرًا جدًا</translation>
    </message>
    <message>
        <source>the computer used an older random value than before</source>
        <translation>استخدم الحاسوب قيمة عشوائية أقدم من ذي قبل</translation>
    </message>
    <message>
        <source>the contract does not allow this kind of time</source>
        <translation>لا يسمح العقد بهذا النوع من الوقت</translation>
    </message>
    <message>
        <source>the contract&apos;s terms did not apply</source>
        <translation>لم تكن شروط العقد سارية</translation>
    </message>
    <message>
        <source>the data is a signed object of another type</source>
        <translation>البيانات كائن موقَّع من نوع آخر</translation>
    </message>
    <message>
        <source>the data is malformed</source>
        <translation>صيغة البيانات غير صحيحة</translation>
    </message>
    <message>
        <source>the data is signed with an algorithm that the protocol does not allow</source>
        <translation>البيانات موقَّعة بخوارزمية لا يسمح بها البروتوكول</translation>
    </message>
    <message>
        <source>the key is weak</source>
        <translation>المفتاح ضعيف</translation>
    </message>
    <message>
        <source>the log did not publish the random value named here</source>
        <translation>لم ينشر سجل الشفافية القيمة العشوائية المذكورة هنا</translation>
    </message>
    <message>
        <source>the log does not prove that it only added entries</source>
        <translation>لا يثبت سجل الشفافية أنه أضاف مدخلات فقط</translation>
    </message>
    <message>
        <source>the log showed two different histories</source>
        <translation>أظهر سجل الشفافية تاريخين مختلفين</translation>
    </message>
    <message>
        <source>the log&apos;s signature does not match any trusted key</source>
        <translation>توقيع سجل الشفافية لا يطابق أي مفتاح موثوق</translation>
    </message>
    <message>
        <source>this computer is not enrolled at the marketplace</source>
        <translation>هذا الحاسوب غير مسجَّل في المنصة</translation>
    </message>
    <message>
        <source>too few witnesses have confirmed this state of the log</source>
        <translation>عدد الشهود الذين أكدوا هذه الحالة لسجل الشفافية غير كافٍ</translation>
    </message>
    <message>
        <source>the random time or the number of the pictures is not the one that was drawn</source>
        <translation>اللحظة العشوائية أو عدد الصور ليس ما اختارته القرعة</translation>
    </message>
    <message>
        <source>the random value named here belongs to a later slot</source>
        <translation>القيمة العشوائية المذكورة هنا تخص فترة لاحقة</translation>
    </message>
    <message>
        <source>the receipt does not prove that the log contains this</source>
        <translation>لا يثبت الإيصال أن سجل الشفافية يتضمن هذا</translation>
    </message>
    <message>
        <source>the segment ends after the log received it</source>
        <translation>ينتهي المقطع بعد أن تسلّمه سجل الشفافية</translation>
    </message>
    <message>
        <source>the segment that this refers to is missing</source>
        <translation>المقطع الذي يشير إليه هذا مفقود</translation>
    </message>
    <message>
        <source>the signature does not match the signed data</source>
        <translation>لا يطابق التوقيع البيانات الموقَّعة</translation>
    </message>
    <message>
        <source>the slot does not begin at a full ten minutes</source>
        <translation>لا تبدأ الفترة عند عشر دقائق كاملة</translation>
    </message>
    <message>
        <source>the times do not match the slot or the measured duration</source>
        <translation>لا تطابق الأوقات الفترة أو المدة المقيسة</translation>
    </message>
    <message>
        <source>the times in the log run backwards</source>
        <translation>تسير الأوقات في سجل الشفافية إلى الوراء</translation>
    </message>
    <message>
        <source>this computer joined after the work</source>
        <translation>رُبط هذا الحاسوب بعد العمل</translation>
    </message>
    <message>
        <source>this computer was signed out before it arrived</source>
        <translation>سُجّل الخروج من هذا الحاسوب قبل وصوله</translation>
    </message>
    <message>
        <source>this computer was stopped before it arrived</source>
        <translation>أُوقف هذا الحاسوب قبل وصوله</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>&amp;Continue</source>
        <translation>م&amp;تابعة</translation>
    </message>
    <message>
        <source>&amp;Finish</source>
        <translation>إن&amp;هاء</translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation>&amp;ربط</translation>
    </message>
    <message>
        <source>&amp;Read what is recorded</source>
        <translation>&amp;قراءة ما يُسجَّل</translation>
    </message>
    <message>
        <source>&amp;Sign in with your browser</source>
        <translation>تسجيل ال&amp;دخول عبر المتصفح</translation>
    </message>
    <message>
        <source>&amp;Take a test picture</source>
        <translation>التقاط &amp;صورة تجريبية</translation>
    </message>
    <message>
        <source>1 Sign in</source>
        <translation>1 تسجيل الدخول</translation>
    </message>
    <message>
        <source>2 What is recorded</source>
        <translation>2 ما يُسجَّل</translation>
    </message>
    <message>
        <source>3 Test picture</source>
        <translation>3 صورة تجريبية</translation>
    </message>
    <message>
        <source>C&amp;opy the address</source>
        <translation>&amp;نسخ العنوان</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>إل&amp;غاء</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>جارٍ الفحص …</translation>
    </message>
    <message>
        <source>Continue in your browser. If no page has opened, copy its address into a browser.</source>
        <translation>تابع في متصفحك. إن لم تُفتح صفحة فانسخ عنوانها إلى متصفح.</translation>
    </message>
    <message>
        <source>Everything on the screen is covered by your settings.</source>
        <translation>إعداداتك تغطي الشاشة كلها.</translation>
    </message>
    <message>
        <source>Found: {name}, a Workdiary marketplace</source>
        <translation>عُثر على {name}، وهي منصة Workdiary</translation>
    </message>
    <message>
        <source>I have a &amp;code</source>
        <translation>لدي ر&amp;مز</translation>
    </message>
    <message>
        <source>It is shown here only, and neither stored nor sent.</source>
        <translation>تُعرض هنا فقط، ولا تُحفظ ولا تُرسَل.</translation>
    </message>
    <message>
        <source>Joining took too long. Sign in again.</source>
        <translation>استغرق الربط وقتًا أطول من اللازم. سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>Key presses are counted, never what you type.</source>
        <translation>تُعَدّ ضغطات المفاتيح، ولا يُسجَّل ما تكتبه أبدًا.</translation>
    </message>
    <message>
        <source>Looking for the marketplace …</source>
        <translation>جارٍ البحث عن المنصة …</translation>
    </message>
    <message>
        <source>Marketplace &amp;address</source>
        <translation>&amp;عنوان المنصة</translation>
    </message>
    <message>
        <source>Marketplace address</source>
        <translation>عنوان المنصة</translation>
    </message>
    <message>
        <source>Net&amp;work …</source>
        <translation>ال&amp;شبكة …</translation>
    </message>
    <message>
        <source>No picture could be taken. See the checks below.</source>
        <translation>تعذر التقاط صورة. انظر الفحوص أدناه.</translation>
    </message>
    <message>
        <source>No test picture yet</source>
        <translation>لا صورة تجريبية بعد</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start</source>
        <translation>لا يُسجَّل شيء حتى تضغط «بدء»</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start.</source>
        <translation>لا يُسجَّل شيء حتى تضغط «بدء».</translation>
    </message>
    <message>
        <source>Once on this computer. Your password stays in the browser.</source>
        <translation>مرة واحدة على هذا الحاسوب. تبقى كلمة مرورك في المتصفح.</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>رمز لمرة واحدة</translation>
    </message>
    <message>
        <source>Opening the sign-in …</source>
        <translation>جارٍ فتح تسجيل الدخول …</translation>
    </message>
    <message>
        <source>Read what your contract records, who sees it and for how long.</source>
        <translation>اقرأ ما يسجله عقدك، ومن يراه، وإلى متى.</translation>
    </message>
    <message>
        <source>Recording always shows in the tray. No hidden mode.</source>
        <translation>يظهر التسجيل دائمًا في علبة النظام. لا يوجد وضع خفي.</translation>
    </message>
    <message>
        <source>Return to Workdiary. You can close this page.</source>
        <translation>عُد إلى Workdiary. يمكنك إغلاق هذه الصفحة.</translation>
    </message>
    <message>
        <source>See or delete each picture before it leaves.</source>
        <translation>شاهد كل صورة أو احذفها قبل أن تغادر الحاسوب.</translation>
    </message>
    <message>
        <source>Set by the administrator of this computer.</source>
        <translation>حدده مسؤول هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Set by {organisation}.</source>
        <translation>حددته {organisation}.</translation>
    </message>
    <message>
        <source>Set up Workdiary</source>
        <translation>إعداد Workdiary</translation>
    </message>
    <message>
        <source>Sign in to your marketplace</source>
        <translation>سجّل الدخول إلى منصتك</translation>
    </message>
    <message>
        <source>Signed in. This computer joins now …</source>
        <translation>تم تسجيل الدخول. يُربط هذا الحاسوب الآن …</translation>
    </message>
    <message>
        <source>Test picture</source>
        <translation>صورة تجريبية</translation>
    </message>
    <message>
        <source>The desktop did not allow a picture.</source>
        <translation>لم يسمح سطح المكتب بصورة.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sign in again.</source>
        <translation>فقدت حلقة المفاتيح مفاتيح هذا الحاسوب. سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Sign in again.</source>
        <translation>لم تقبل المنصة هذا الحاسوب. سجّل الدخول من جديد.</translation>
    </message>
    <message>
        <source>The screen is locked.</source>
        <translation>الشاشة مقفلة.</translation>
    </message>
    <message>
        <source>This code is unknown, used or expired. Ask your marketplace for a new one.</source>
        <translation>هذا الرمز غير معروف أو مستخدم أو منتهي الصلاحية. اطلب من منصتك رمزًا جديدًا.</translation>
    </message>
    <message>
        <source>This computer has joined {marketplace} as {account}.</source>
        <translation>رُبط هذا الحاسوب بـ {marketplace} باسم {account}.</translation>
    </message>
    <message>
        <source>Try a&amp;gain</source>
        <translation>إعادة المحا&amp;ولة</translation>
    </message>
    <message>
        <source>Waiting for your keyring. It may ask for its password.</source>
        <translation>في انتظار حلقة المفاتيح. قد تطلب كلمة مرورها.</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>ما يُسجَّل</translation>
    </message>
    <message>
        <source>Enter an address like https://work.example.org.</source>
        <translation>اكتب عنوانًا مثل ⁨https://work.example.org⁩.</translation>
    </message>
    <message>
        <source>You have agreed to what this contract records.</source>
        <translation>لقد وافقت على ما يسجله هذا العقد.</translation>
    </message>
    <message>
        <source>You have no contract yet. The page is shown before your first recording.</source>
        <translation>ليس لديك عقد بعد. تظهر الصفحة قبل أول تسجيل لك.</translation>
    </message>
    <message>
        <source>Your marketplace shows its address.</source>
        <translation>تعرض منصتك عنوانها.</translation>
    </message>
</context>
<context>
    <name>Idle</name>
    <message>
        <source>&amp;Keep</source>
        <translation>ا&amp;حتفاظ</translation>
    </message>
    <message>
        <source>&amp;Remove this time</source>
        <translation>إ&amp;زالة هذا الوقت</translation>
    </message>
    <message>
        <source>Keep and &amp;continue</source>
        <translation>احتفاظ و&amp;متابعة</translation>
    </message>
    <message>
        <source>No input from {since} to {until}</source>
        <translation>لا نشاط من {since} إلى {until}</translation>
    </message>
    <message>
        <source>Time without input</source>
        <translation>وقت بلا نشاط</translation>
    </message>
    <message>
        <source>Were you working away from the keyboard, for example on the phone? Keep these {time} with a note: {client} sees the note, and that there was no input. If you remove the time, no record of it remains.</source>
        <translation>هل كنت تعمل بعيدًا عن لوحة المفاتيح، على الهاتف مثلًا؟ احتفظ بهذه المدة ({time}) مع ملاحظة: يرى {client} الملاحظة وأنه لم يكن هناك نشاط. وإذا أزلت الوقت فلن يبقى له أي سجل.</translation>
    </message>
    <message>
        <source>What did you do?</source>
        <translation>ماذا فعلت؟</translation>
    </message>
    <message>
        <source>the client</source>
        <translation>العميل</translation>
    </message>
</context>
<context>
    <name>Manual</name>
    <message>
        <source>&amp;Add {time}</source>
        <translation>إ&amp;ضافة {time}</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>إل&amp;غاء</translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation>ال&amp;يوم</translation>
    </message>
    <message>
        <source>&amp;From, to</source>
        <translation>&amp;من، إلى</translation>
    </message>
    <message>
        <source>&amp;Memo</source>
        <translation>ال&amp;وصف</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>ال&amp;سبب</translation>
    </message>
    <message>
        <source>Add manual time</source>
        <translation>إضافة وقت يدوي</translation>
    </message>
    <message>
        <source>At most 12 hours at once.</source>
        <translation>12 ساعة على الأكثر في المرة الواحدة.</translation>
    </message>
    <message>
        <source>Con&amp;tract</source>
        <translation>ال&amp;عقد</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>اليوم</translation>
    </message>
    <message>
        <source>From</source>
        <translation>من</translation>
    </message>
    <message>
        <source>It is marked as entered manually wherever it appears, and it is not protected. The client sees the reason.</source>
        <translation>يُميَّز بأنه أُدخل يدويًا حيثما ظهر، وهو غير محمي. ويرى العميل السبب.</translation>
    </message>
    <message>
        <source>Only time that has passed can be added.</source>
        <translation>لا يمكن إضافة وقت لم يمضِ بعد.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>أوقف التسجيل أولًا.</translation>
    </message>
    <message>
        <source>The contract does not allow manual time.</source>
        <translation>لا يسمح العقد بالوقت اليدوي.</translation>
    </message>
    <message>
        <source>The end must be after the beginning.</source>
        <translation>يجب أن تكون النهاية بعد البداية.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>إلى</translation>
    </message>
    <message>
        <source>Write a memo.</source>
        <translation>اكتب وصفًا.</translation>
    </message>
    <message>
        <source>Write why it was not recorded.</source>
        <translation>اكتب لماذا لم يُسجَّل.</translation>
    </message>
</context>
<context>
    <name>Marketplaces</name>
    <message numerus="yes">
        <source>%n entries are waiting for {marketplace}.</source>
        <translation>
            <numerusform>لا إدخالات تنتظر {marketplace}.</numerusform>
            <numerusform>إدخال واحد ينتظر {marketplace}.</numerusform>
            <numerusform>إدخالان ينتظران {marketplace}.</numerusform>
            <numerusform>%n إدخالات تنتظر {marketplace}.</numerusform>
            <numerusform>%n إدخالًا تنتظر {marketplace}.</numerusform>
            <numerusform>%n إدخال تنتظر {marketplace}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. Switch to it to finish them.</source>
        <translation>
            <numerusform>لا إدخالات تنتظر. بدّل إليها لإكمالها.</numerusform>
            <numerusform>إدخال واحد ينتظر. بدّل إليها لإكماله.</numerusform>
            <numerusform>إدخالان ينتظران. بدّل إليها لإكمالهما.</numerusform>
            <numerusform>%n إدخالات تنتظر. بدّل إليها لإكمالها.</numerusform>
            <numerusform>%n إدخالًا تنتظر. بدّل إليها لإكمالها.</numerusform>
            <numerusform>%n إدخال تنتظر. بدّل إليها لإكمالها.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. They could not be uploaded yet.</source>
        <translation>
            <numerusform>لا إدخالات تنتظر. تعذّر رفعها حتى الآن.</numerusform>
            <numerusform>إدخال واحد ينتظر. تعذّر رفعه حتى الآن.</numerusform>
            <numerusform>إدخالان ينتظران. تعذّر رفعهما حتى الآن.</numerusform>
            <numerusform>%n إدخالات تنتظر. تعذّر رفعها حتى الآن.</numerusform>
            <numerusform>%n إدخالًا تنتظر. تعذّر رفعها حتى الآن.</numerusform>
            <numerusform>%n إدخال تنتظر. تعذّر رفعها حتى الآن.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Add …</source>
        <translation>إ&amp;ضافة …</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>متابعة ك&amp;ما سبق</translation>
    </message>
    <message>
        <source>&amp;Stop and add</source>
        <translation>إ&amp;يقاف وإضافة</translation>
    </message>
    <message>
        <source>&amp;Stop and switch</source>
        <translation>إ&amp;يقاف وتبديل</translation>
    </message>
    <message>
        <source>Add a marketplace</source>
        <translation>إضافة منصة</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Marketplaces</source>
        <translation>المنصات</translation>
    </message>
    <message>
        <source>No other marketplace can be opened.</source>
        <translation>لا يمكن فتح منصة أخرى.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>لا شيء ينتظر.</translation>
    </message>
    <message>
        <source>Open now. Time is recorded for it.</source>
        <translation>مفتوحة الآن. يُسجَّل الوقت لها.</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>تسجيل ال&amp;خروج …</translation>
    </message>
    <message>
        <source>Stop recording and add a marketplace?</source>
        <translation>هل تريد إيقاف التسجيل وإضافة منصة؟</translation>
    </message>
    <message>
        <source>Stop recording and switch to {marketplace}?</source>
        <translation>هل تريد إيقاف التسجيل والتبديل إلى {marketplace}؟</translation>
    </message>
    <message>
        <source>Switch</source>
        <translation>تبديل</translation>
    </message>
    <message>
        <source>Switch to {marketplace}</source>
        <translation>التبديل إلى {marketplace}</translation>
    </message>
    <message>
        <source>This computer is not signed in to a marketplace.</source>
        <translation>هذا الحاسوب غير مسجَّل الدخول في أي منصة.</translation>
    </message>
    <message>
        <source>This computer stays signed in to the others. One is open at a time.</source>
        <translation>يبقى هذا الحاسوب مسجَّل الدخول في الأخرى. تُفتح واحدة في كل مرة.</translation>
    </message>
    <message>
        <source>Your time up to now is saved for {current} and uploaded. What cannot be uploaded now stays safe on this computer and is uploaded later. A picture under review is shown again when you switch back.</source>
        <translation>يُحفظ وقتك حتى الآن لـ {current} ويُرفع. ما لا يمكن رفعه الآن يبقى آمنًا على هذا الحاسوب ويُرفع لاحقًا. تُعرض الصورة قيد المراجعة مجددًا عند عودتك.</translation>
    </message>
</context>
<context>
    <name>Network</name>
    <message>
        <source>&amp;Connection</source>
        <translation>&amp;الاتصال</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;كلمة المرور</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>إ&amp;زالة</translation>
    </message>
    <message>
        <source>&amp;Save password</source>
        <translation>ح&amp;فظ كلمة المرور</translation>
    </message>
    <message>
        <source>&amp;Script</source>
        <translation>الن&amp;ص البرمجي</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>اخ&amp;تبار</translation>
    </message>
    <message>
        <source>&amp;User name</source>
        <translation>ا&amp;سم المستخدم</translation>
    </message>
    <message>
        <source>A proxy that the script names is used without a sign-in.</source>
        <translation>يُستخدم الوكيل الذي يحدده النص البرمجي من دون تسجيل دخول.</translation>
    </message>
    <message>
        <source>A user name has no colon and at most 256 characters.</source>
        <translation>لا يحتوي اسم المستخدم على نقطتين رأسيتين، ولا يزيد على 256 حرفًا.</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>كل الملفات (*)</translation>
    </message>
    <message>
        <source>An address is missing. Enter it first.</source>
        <translation>ينقص عنوان. أدخله أولًا.</translation>
    </message>
    <message>
        <source>Asks the marketplace for its name, with these settings.</source>
        <translation>يطلب من المنصة اسمها بهذه الإعدادات.</translation>
    </message>
    <message>
        <source>By a proxy script (PAC)</source>
        <translation>حسب ملف إعداد (PAC)</translation>
    </message>
    <message>
        <source>C&amp;hoose …</source>
        <translation>ا&amp;ختيار …</translation>
    </message>
    <message>
        <source>Certificate authority: {reason}</source>
        <translation>جهة إصدار الشهادات: {reason}</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>الشهادات (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>Choose the certificate authority</source>
        <translation>اختيار جهة إصدار الشهادات</translation>
    </message>
    <message>
        <source>Enter the address of an HTTP proxy without a password, such as http://proxy.example:3128.</source>
        <translation>أدخل عنوان وكيل HTTP من دون كلمة مرور، مثل http://proxy.example:3128.</translation>
    </message>
    <message>
        <source>Enter the proxy&apos;s address and the user name first.</source>
        <translation>أدخل أولًا عنوان الوكيل واسم المستخدم.</translation>
    </message>
    <message>
        <source>Enter the script&apos;s address (http or https) or the whole path of its file.</source>
        <translation>أدخل عنوان النص البرمجي (http أو https) أو المسار الكامل لملفه.</translation>
    </message>
    <message>
        <source>How Workdiary reaches the marketplace.</source>
        <translation>كيف يصل Workdiary إلى المنصة.</translation>
    </message>
    <message>
        <source>If the proxy asks for one</source>
        <translation>إن طلبه الوكيل</translation>
    </message>
    <message>
        <source>Needed if your organisation inspects connections. The certificates in this PEM file are trusted in addition to the system&apos;s.</source>
        <translation>لازمة إذا كانت مؤسستك تفحص الاتصالات. تُعدّ الشهادات في ملف PEM هذا موثوقة إلى جانب شهادات النظام.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>الشبكة</translation>
    </message>
    <message>
        <source>No keyring is available, so the proxy&apos;s password cannot be read.</source>
        <translation>لم يُعثر على حافظة المفاتيح التي فيها كلمة مرور الوكيل.</translation>
    </message>
    <message>
        <source>No marketplace is set yet. Enter its address first.</source>
        <translation>لم تُحدَّد منصة بعد. أدخل عنوانها أولًا.</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no file</comment>
        <translation>لا شيء</translation>
    </message>
    <message>
        <source>Custom certificate authority</source>
        <translation>جهة إصدار شهادات خاصة</translation>
    </message>
    <message>
        <source>Proxy &amp;address</source>
        <translation>&amp;عنوان الوكيل</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>كما في النظام</translation>
    </message>
    <message>
        <source>Saved in the keyring. Applies to the next connection.</source>
        <translation>حُفظت في حافظة المفاتيح. تسري على الاتصال التالي.</translation>
    </message>
    <message>
        <source>Saved. Applies to the next connection.</source>
        <translation>حُفظ. يسري على الاتصال التالي.</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>اختبار الاتصال</translation>
    </message>
    <message>
        <source>Testing …</source>
        <translation>جارٍ الاختبار …</translation>
    </message>
    <message>
        <source>The certificate is not trusted here. If your organisation inspects connections, choose its certificate authority above. Otherwise check the clock of this computer.</source>
        <translation>الشهادة غير موثوقة هنا. إذا كانت مؤسستك تفحص الاتصالات فاختر جهة إصدار شهاداتها أعلاه. وإلا فافحص ساعة هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>تعذّرت قراءة الملف.</translation>
    </message>
    <message>
        <source>The file contains a private key, which must stay secret. Choose one with the certificate only.</source>
        <translation>يحتوي الملف على مفتاح خاص يجب أن يبقى سرّيًا. اختر ملفًا فيه الشهادة وحدها.</translation>
    </message>
    <message>
        <source>The file contains no valid certificate in PEM form.</source>
        <translation>لا يحتوي الملف على شهادة صالحة بصيغة PEM.</translation>
    </message>
    <message>
        <source>The file does not exist any more. Choose another.</source>
        <translation>لم يعد الملف موجودًا. اختر غيره.</translation>
    </message>
    <message>
        <source>The file is too large for a list of certificates.</source>
        <translation>الملف أكبر من أن يكون قائمة شهادات.</translation>
    </message>
    <message>
        <source>The proxy&apos;s password could not be read from the keyring. Test again.</source>
        <translation>لم تُعطِ حافظة المفاتيح كلمة مرور الوكيل. أعد الاختبار.</translation>
    </message>
    <message>
        <source>The keyring with the proxy&apos;s password is locked. Unlock it, then test again.</source>
        <translation>حافظة المفاتيح التي فيها كلمة مرور الوكيل مقفلة. افتحها ثم أعد الاختبار.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time.</source>
        <translation>لم ترد المنصة في الوقت المحدد.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s host name is unknown here. Check its address and the network; some networks need a proxy.</source>
        <translation>اسم مضيف المنصة غير معروف هنا. افحص عنوانها والشبكة؛ فبعض الشبكات يحتاج إلى وكيل.</translation>
    </message>
    <message>
        <source>The password was not saved. {reason}</source>
        <translation>لم تُحفظ كلمة المرور. {reason}</translation>
    </message>
    <message>
        <source>The password was removed from the keyring.</source>
        <translation>أُزيلت كلمة المرور من حافظة المفاتيح.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched: {reason}. Check its address.</source>
        <translation>تعذّر جلب ملف إعداد الوكيل (PAC): {reason}. افحص عنوانه.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work: {reason}. Ask the network&apos;s administrator.</source>
        <translation>ملف إعداد الوكيل (PAC) لا يعمل: {reason}. اسأل مسؤول الشبكة.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not accept the sign-in. Check the user name and the password.</source>
        <translation>لا يقبل الوكيل {proxy} تسجيل الدخول. افحص اسم المستخدم وكلمة المرور.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not answer. Check its address.</source>
        <translation>لا يرد الوكيل {proxy}. افحص عنوانه.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not connect to the marketplace. Ask the network&apos;s administrator whether it is allowed.</source>
        <translation>لا يصل الوكيل {proxy} إلى المنصة. اسأل مسؤول الشبكة هل هي مسموح بها.</translation>
    </message>
    <message>
        <source>The proxy {proxy} has an unknown host name. Check its address.</source>
        <translation>للوكيل {proxy} اسم مضيف غير معروف. افحص عنوانه.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring keeps it for this proxy and user. Save an empty field to remove it.</source>
        <translation>تحفظها حافظة مفاتيح النظام لهذا الوكيل وهذا المستخدم. احفظ حقلًا فارغًا لإزالتها.</translation>
    </message>
    <message>
        <source>The type of the proxy {proxy} is not supported. Use the address of an HTTP proxy.</source>
        <translation>نوع الوكيل {proxy} غير مدعوم. استخدم عنوان وكيل HTTP.</translation>
    </message>
    <message>
        <source>There is no connection to the marketplace. Some networks need a proxy.</source>
        <translation>لا يوجد اتصال بالمنصة. بعض الشبكات يحتاج إلى وكيل.</translation>
    </message>
    <message>
        <source>Through this proxy</source>
        <translation>عبر هذا الوكيل</translation>
    </message>
    <message>
        <source>Without a proxy</source>
        <translation>من دون وكيل</translation>
    </message>
    <message>
        <source>an error in the script</source>
        <translation>خطأ في النص البرمجي</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example/proxy.pac</source>
        <translation>مثل http://proxy.example/proxy.pac</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example:3128</source>
        <translation>مثل http://proxy.example:3128</translation>
    </message>
    <message>
        <source>it does not end</source>
        <translation>لا ينتهي</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>كبير جدًا</translation>
    </message>
    <message>
        <source>it names no proxy</source>
        <translation>لا يحدد أي وكيل</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>لا رد في الوقت المحدد</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>تعذّرت قراءة الملف</translation>
    </message>
    <message>
        <source>the file is missing</source>
        <translation>الملف غير موجود</translation>
    </message>
    <message>
        <source>{name} answers, through the proxy {proxy}.</source>
        <translation>{name} ترد عبر الوكيل {proxy}.</translation>
    </message>
    <message>
        <source>{name} answers, without a proxy.</source>
        <translation>{name} ترد من دون وكيل.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>&amp;Answer</source>
        <translation>&amp;إجابة</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;نسخ</translation>
    </message>
    <message>
        <source>&amp;OK</source>
        <translation>موا&amp;فق</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;فتح</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>إن&amp;هاء</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>إعا&amp;دة المحاولة</translation>
    </message>
    <message>
        <source>&amp;Use its time</source>
        <translation>استخدام وق&amp;تها</translation>
    </message>
    <message>
        <source>&amp;Write</source>
        <translation>&amp;كتابة</translation>
    </message>
    <message>
        <source>A copy of this folder recorded too: {seconds} are sent again, {unpaid_s} are unpaid.</source>
        <translation>سجّلت نسخة من هذا المجلد أيضًا: يُرسَل {seconds} من جديد، و{unpaid_s} غير مدفوع.</translation>
    </message>
    <message>
        <source>A file of the diary is missing from the disk. The rest is safe.</source>
        <translation>ملف من اليوميات مفقود من القرص. والباقي آمن.</translation>
    </message>
    <message>
        <source>A file of unfinished work cannot be read. It stays on this computer, unpaid.</source>
        <translation>تتعذر قراءة ملف عمل غير مكتمل. يبقى على هذا الحاسوب غير مدفوع.</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>سجّل جهاز جديد الدخول إلى حسابك. هل هو لك؟</translation>
    </message>
    <message>
        <source>A newer Workdiary wrote this folder. Nothing changed. Install the newer one.</source>
        <translation>كتب هذا المجلد إصدار أحدث من Workdiary. لم يتغير شيء. ثبّت الإصدار الأحدث.</translation>
    </message>
    <message>
        <source>A random value for picture times was refused. Work continues.</source>
        <translation>رُفضت قيمة عشوائية لأوقات الصور. والعمل مستمر.</translation>
    </message>
    <message>
        <source>A record of unsealed work is damaged. At most 10 min are lost. The rest is safe.</source>
        <translation>سجل عمل غير مختوم تالف. المفقود 10 دقائق على الأكثر. والباقي آمن.</translation>
    </message>
    <message>
        <source>A stored file is damaged and was set aside. Everything else continues.</source>
        <translation>ملف محفوظ تالف ووُضع جانبًا. وكل ما سواه مستمر.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>العنوان</translation>
    </message>
    <message>
        <source>Another copy of this folder recorded with the same key.</source>
        <translation>سجّلت نسخة أخرى من هذا المجلد بالمفتاح نفسه.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Joining stopped. Check the address.</source>
        <translation>ترد منصة أخرى على هذا العنوان. توقف الربط. افحص العنوان.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Nothing was sent.</source>
        <translation>ترد منصة أخرى على هذا العنوان. لم يُرسَل شيء.</translation>
    </message>
    <message>
        <source>Before the first recording, this computer must connect to the marketplace once.</source>
        <translation>قبل أول تسجيل يجب أن يتصل هذا الحاسوب بالمنصة مرة واحدة.</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>إ&amp;غلاق</translation>
    </message>
    <message>
        <source>Earlier work was saved with a clock {off_s} ahead and may not be paid. New work gets the right time.</source>
        <translation>حُفظ عمل سابق بساعة متقدمة {off_s} وقد لا يُدفع. ويحصل العمل الجديد على الوقت الصحيح.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace signs with another key. Ask its support.</source>
        <translation>توقف الربط: توقّع المنصة بمفتاح آخر. اسأل دعمها.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace&apos;s log showed two histories. Both are kept.</source>
        <translation>توقف الربط: أظهر سجل المنصة تاريخين. وكلاهما محفوظ.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Get a new code.</source>
        <translation>استغرق الربط وقتًا أطول من اللازم. المفاتيح محفوظة. احصل على رمز جديد.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Put a new code into its file.</source>
        <translation>استغرق الربط وقتًا أطول من اللازم. المفاتيح محفوظة. ضع رمزًا جديدًا في ملفه.</translation>
    </message>
    <message>
        <source>Joining: a contract&apos;s terms are not in the log. Try again later.</source>
        <translation>الربط: شروط أحد العقود ليست في سجل الشفافية. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>Joining: a random value of the marketplace is not in its log. Try again later.</source>
        <translation>الربط: قيمة عشوائية للمنصة ليست في سجلها. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>Joining: no marketplace answered there. Check the address. Workdiary tries again.</source>
        <translation>الربط: لم ترد أي منصة هناك. افحص العنوان. سيحاول Workdiary من جديد.</translation>
    </message>
    <message>
        <source>Joining: the address redirects elsewhere. Check the address and the network.</source>
        <translation>الربط: يحوّل العنوان إلى مكان آخر. افحص العنوان والشبكة.</translation>
    </message>
    <message>
        <source>Joining: the answer is incomplete. Workdiary tries again by itself.</source>
        <translation>الربط: الرد غير مكتمل. سيحاول Workdiary من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>Joining: the answer was too long. Workdiary tries again by itself.</source>
        <translation>الربط: كان الرد أطول من اللازم. سيحاول Workdiary من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>Joining: the connection broke. Workdiary tries again by itself.</source>
        <translation>الربط: انقطع الاتصال. سيحاول Workdiary من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>Joining: the file of your certificate authority cannot be used. Choose it again.</source>
        <translation>الربط: لا يمكن استخدام ملف جهة إصدار الشهادات الخاصة بك. اختره من جديد.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not answer in time. Workdiary tries again by itself.</source>
        <translation>الربط: لم ترد المنصة في الوقت المناسب. سيحاول Workdiary من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not prove that this computer is in its log.</source>
        <translation>الربط: لم تثبت المنصة أن هذا الحاسوب في سجلها.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is busy, retrying later.</source>
        <translation>الربط: المنصة مشغولة، وتُعاد المحاولة لاحقًا.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is having problems. Workdiary tries again by itself.</source>
        <translation>الربط: تواجه المنصة مشكلات. سيحاول Workdiary من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s certificate is not trusted. Check clock and network.</source>
        <translation>الربط: شهادة المنصة غير موثوقة. افحص الساعة والشبكة.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s log could not be checked. Try again later.</source>
        <translation>الربط: تعذر فحص سجل المنصة. حاول لاحقًا.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s receipt has a wrong time. Check this computer&apos;s clock.</source>
        <translation>الربط: في إيصال المنصة وقت خاطئ. افحص ساعة هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Joining: the network settings lack an address. Enter it, then try again.</source>
        <translation>الربط: ينقص عنوان في إعدادات الشبكة. أدخله ثم أعد المحاولة.</translation>
    </message>
    <message>
        <source>Joining: Workdiary cannot use this kind of proxy. Check the network settings.</source>
        <translation>الربط: لا يستطيع Workdiary استخدام هذا النوع من الوكلاء. افحص إعدادات الشبكة.</translation>
    </message>
    <message>
        <source>R&amp;estart</source>
        <translation>&amp;إعادة التشغيل</translation>
    </message>
    <message>
        <source>Joining: the proxy asks for a password. Enter it under Network in the settings.</source>
        <translation>الربط: يطلب الوكيل كلمة مرور. أدخلها تحت «الشبكة» في الإعدادات.</translation>
    </message>
    <message>
        <source>Joining: the proxy did not connect to the marketplace. Workdiary tries again.</source>
        <translation>الربط: لم يتصل الوكيل بالمنصة. سيحاول Workdiary من جديد.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer does not answer. Check its settings.</source>
        <translation>الربط: لا يرد وكيل هذا الحاسوب. افحص إعداداته.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer has an unknown name. Check its settings.</source>
        <translation>الربط: لوكيل هذا الحاسوب اسم غير معروف. افحص إعداداته.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) cannot be fetched. Check the network settings.</source>
        <translation>الربط: تعذّر جلب ملف إعداد الوكيل (PAC). افحص إعدادات الشبكة.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) does not work. Check the network settings.</source>
        <translation>الربط: ملف إعداد الوكيل (PAC) لا يعمل. افحص إعدادات الشبكة.</translation>
    </message>
    <message>
        <source>New terms were refused: the log does not prove them. The old ones apply.</source>
        <translation>رُفضت شروط جديدة: لا يثبتها سجل الشفافية. وتسري الشروط القديمة.</translation>
    </message>
    <message>
        <source>No keyring was found for the keys. Start one, then try again.</source>
        <translation>لم يُعثر على حلقة مفاتيح. شغّل واحدة ثم حاول من جديد.</translation>
    </message>
    <message>
        <source>No time was added: a part of it is in your diary already.</source>
        <translation>لم يُضف وقت: جزء منه في يومياتك بالفعل.</translation>
    </message>
    <message>
        <source>No time was added: it needs a memo, a reason and at most 12 hours.</source>
        <translation>لم يُضف وقت: يلزم وصف وسبب و12 ساعة على الأكثر.</translation>
    </message>
    <message>
        <source>No time was added: it would end later than now.</source>
        <translation>لم يُضف وقت: سينتهي بعد الآن.</translation>
    </message>
    <message>
        <source>No time was added: the contract did not allow manual time.</source>
        <translation>لم يُضف وقت: لم يكن العقد يسمح بالوقت اليدوي.</translation>
    </message>
    <message>
        <source>Nothing could be saved for an hour. Recording pauses until the disk works again.</source>
        <translation>تعذر حفظ أي شيء مدة ساعة. يتوقف التسجيل مؤقتًا حتى يعمل القرص من جديد.</translation>
    </message>
    <message>
        <source>Nothing is left to change or delete here.</source>
        <translation>لم يبق هنا ما يُغيَّر أو يُحذف.</translation>
    </message>
    <message>
        <source>Nothing was covered: at most {limit} areas, each inside the picture.</source>
        <translation>لم يُغطَّ شيء: {limit} منطقة على الأكثر، وكل منها داخل الصورة.</translation>
    </message>
    <message>
        <source>Open this address</source>
        <translation>فتح هذا العنوان</translation>
    </message>
    <message>
        <source>Other users can read the diary&apos;s folder. Fix its owner, then try again.</source>
        <translation>يستطيع مستخدمون آخرون قراءة مجلد اليوميات. صحح مالكه ثم حاول من جديد.</translation>
    </message>
    <message>
        <source>Over the limit of {limit_s}: recording continues, unpaid.</source>
        <translation>فوق الحد {limit_s}: يستمر التسجيل بلا دفع.</translation>
    </message>
    <message>
        <source>Picture deleted. {seconds} of paid time removed.</source>
        <translation>حُذفت الصورة. أُزيل {seconds} من الوقت المدفوع.</translation>
    </message>
    <message>
        <source>Receipt rejected: it proves something else. Your work is safe here.</source>
        <translation>رُفض الإيصال: يثبت شيئًا آخر. عملك آمن هنا.</translation>
    </message>
    <message>
        <source>Receipt rejected: wrong time. Your work is safe here.</source>
        <translation>رُفض الإيصال: وقت خاطئ. عملك آمن هنا.</translation>
    </message>
    <message>
        <source>Recording failed and stopped. Your time until then is saved.</source>
        <translation>فشل التسجيل وتوقف. وقتك حتى ذلك الحين محفوظ.</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;عرض</translation>
    </message>
    <message>
        <source>S&amp;witch</source>
        <translation>تب&amp;ديل</translation>
    </message>
    <message>
        <source>Screenshots are allowed.</source>
        <translation>لقطات الشاشة مسموح بها.</translation>
    </message>
    <message>
        <source>Screenshots are blocked. Your time still counts; the record notes it.</source>
        <translation>لقطات الشاشة محظورة. ووقتك محسوب مع ذلك، ويذكر السجل ذلك.</translation>
    </message>
    <message>
        <source>Send a&amp;gain</source>
        <translation>إ&amp;رسال من جديد</translation>
    </message>
    <message>
        <source>Signed out on this computer. Pending work is safe here, for your next sign-in.</source>
        <translation>تم تسجيل الخروج من هذا الحاسوب. العمل المعلّق آمن هنا حتى دخولك التالي.</translation>
    </message>
    <message>
        <source>Some of this week&apos;s work is not paid.</source>
        <translation>بعض عمل هذا الأسبوع غير مدفوع.</translation>
    </message>
    <message>
        <source>Some work could not be signed. It is set aside on this computer.</source>
        <translation>تعذر توقيع بعض العمل. وُضع جانبًا على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Some work is not on the disk yet. Switch once it is saved.</source>
        <translation>بعض العمل ليس على القرص بعد. بدّل بعد حفظه.</translation>
    </message>
    <message>
        <source>Something did not work ({code}). Your saved work is safe on this computer.</source>
        <translation>لم ينجح شيء ما ({code}). عملك المحفوظ آمن على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Start a&amp;gain</source>
        <translation>بدء من &amp;جديد</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: the screen was locked. Your time is saved.</source>
        <translation>توقف في {at_ms}: قُفلت الشاشة. وقتك محفوظ.</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: this computer went to sleep. Your time is saved.</source>
        <translation>توقف في {at_ms}: دخل الحاسوب في السكون. وقتك محفوظ.</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Keep these {seconds}?</source>
        <translation>توقف: لا نشاط منذ {at_ms}. هل تريد الاحتفاظ بهذه المدة ({seconds})؟</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Time until then is saved.</source>
        <translation>توقف: لا نشاط منذ {at_ms}. الوقت حتى ذلك الحين محفوظ.</translation>
    </message>
    <message>
        <source>The answer redirects elsewhere and was not followed. Work is safe here.</source>
        <translation>يحوّل الرد إلى مكان آخر ولم يُتبع. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The answer was incomplete. Work is safe here and is sent again.</source>
        <translation>كان الرد غير مكتمل. العمل آمن هنا ويُرسَل من جديد.</translation>
    </message>
    <message>
        <source>The answer was too long and was discarded. Work is safe here.</source>
        <translation>كان الرد أطول من اللازم فأُهمل. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The browser cannot reach Workdiary on this computer. Join with a code.</source>
        <translation>لا يستطيع المتصفح الوصول إلى Workdiary على هذا الحاسوب. اربطه برمز.</translation>
    </message>
    <message>
        <source>The clocks agree again. Recording can start.</source>
        <translation>عادت الساعات إلى التوافق. يمكن بدء التسجيل.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Get a new one.</source>
        <translation>رمز الربط غير معروف أو مستخدم أو منتهي الصلاحية. احصل على رمز جديد.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Put a new one into its file.</source>
        <translation>رمز الربط غير معروف أو مستخدم أو منتهي الصلاحية. ضع رمزًا جديدًا في ملفه.</translation>
    </message>
    <message>
        <source>The connection broke. Work is safe here and is sent again.</source>
        <translation>انقطع الاتصال. العمل آمن هنا ويُرسَل من جديد.</translation>
    </message>
    <message>
        <source>The contract has ended. Nothing is recorded.</source>
        <translation>انتهى العقد. لا يُسجَّل شيء.</translation>
    </message>
    <message>
        <source>The contract is paused. Nothing is recorded.</source>
        <translation>العقد موقوف مؤقتًا. لا يُسجَّل شيء.</translation>
    </message>
    <message>
        <source>The contract&apos;s terms begin on {from_s}.</source>
        <translation>تبدأ شروط العقد في {from_s}.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Recording continues in memory.</source>
        <translation>لا تمكن الكتابة في مجلد اليوميات. يستمر التسجيل في الذاكرة.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Work recorded so far is saved.</source>
        <translation>لا تمكن الكتابة في مجلد اليوميات. العمل المسجل حتى الآن محفوظ.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder is not writable. Check its permissions.</source>
        <translation>لا تمكن الكتابة في مجلد اليوميات. افحص أذوناته.</translation>
    </message>
    <message>
        <source>The disk accepts no data. Recording continues in memory.</source>
        <translation>لا يقبل القرص بيانات. يستمر التسجيل في الذاكرة.</translation>
    </message>
    <message>
        <source>The disk is full, so the diary cannot be opened. Free some space.</source>
        <translation>القرص ممتلئ، فلا يمكن فتح اليوميات. أفرغ بعض المساحة.</translation>
    </message>
    <message>
        <source>The disk is full. Recording continues in memory. Free some space soon.</source>
        <translation>القرص ممتلئ. يستمر التسجيل في الذاكرة. أفرغ بعض المساحة قريبًا.</translation>
    </message>
    <message>
        <source>The disk is full. Work recorded so far is saved.</source>
        <translation>القرص ممتلئ. العمل المسجل حتى الآن محفوظ.</translation>
    </message>
    <message>
        <source>The disk reported an error, so the diary cannot be opened. Check the disk.</source>
        <translation>أبلغ القرص عن خطأ، فلا يمكن فتح اليوميات. افحص القرص.</translation>
    </message>
    <message>
        <source>The disk reported an error. Recording continues as if offline. Check the disk.</source>
        <translation>أبلغ القرص عن خطأ. يستمر التسجيل كأنه بلا اتصال. افحص القرص.</translation>
    </message>
    <message>
        <source>The disk reported an error. Work recorded so far is saved.</source>
        <translation>أبلغ القرص عن خطأ. العمل المسجل حتى الآن محفوظ.</translation>
    </message>
    <message>
        <source>The disk works again. Your work is saved.</source>
        <translation>عاد القرص إلى العمل. عملك محفوظ.</translation>
    </message>
    <message>
        <source>The file of your certificate authority cannot be used. Work is safe here.</source>
        <translation>لا يمكن استخدام ملف جهة إصدار الشهادات الخاصة بك. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The index was damaged and rebuilt from the files. Nothing is lost.</source>
        <translation>كان الفهرس تالفًا وأُعيد بناؤه من الملفات. لم يُفقد شيء.</translation>
    </message>
    <message>
        <source>The keyring did not return the keys. Nothing was sent.</source>
        <translation>لم تُعد حلقة المفاتيح المفاتيح. لم يُرسَل شيء.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Join again with a new --enrol-file.</source>
        <translation>فقدت حلقة المفاتيح مفاتيح هذا الحاسوب. اربطه من جديد باستخدام --enrol-file جديد.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sealed work is safe. Join again.</source>
        <translation>فقدت حلقة المفاتيح مفاتيح هذا الحاسوب. العمل المختوم آمن. اربطه من جديد.</translation>
    </message>
    <message>
        <source>The keyring stayed locked. Nothing was changed.</source>
        <translation>بقيت حلقة المفاتيح مقفلة. لم يتغير شيء.</translation>
    </message>
    <message>
        <source>The log showed two different histories. Both are kept. Recording continues.</source>
        <translation>أظهر سجل الشفافية تاريخين مختلفين. كلاهما محفوظ. والتسجيل مستمر.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached.</source>
        <translation>يتعذر الوصول إلى المنصة.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached. The first start needs a connection.</source>
        <translation>يتعذر الوصول إلى المنصة. يحتاج التشغيل الأول إلى اتصال.</translation>
    </message>
    <message>
        <source>The marketplace did not accept the sign-in. This computer has not joined.</source>
        <translation>لم تقبل المنصة تسجيل الدخول. لم يُربط هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Keys are kept.</source>
        <translation>لم تقبل المنصة هذا الحاسوب. المفاتيح محفوظة.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Put a new code into its file.</source>
        <translation>لم تقبل المنصة هذا الحاسوب. ضع رمزًا جديدًا في ملفه.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time. Work is safe here.</source>
        <translation>لم ترد المنصة في الوقت المناسب. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The marketplace does not let this computer join. Ask for the reason, or try again.</source>
        <translation>لا تسمح المنصة بربط هذا الحاسوب. اسأل عن السبب، أو حاول من جديد.</translation>
    </message>
    <message>
        <source>The marketplace has no room for more pictures. Work is safe here.</source>
        <translation>لا مكان في المنصة لصور أخرى. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The marketplace is busy. Work is safe here and is sent later.</source>
        <translation>المنصة مشغولة. العمل آمن هنا ويُرسَل لاحقًا.</translation>
    </message>
    <message>
        <source>The marketplace is having problems. Work is safe here.</source>
        <translation>تواجه المنصة مشكلات. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The marketplace lacks work that your receipts prove. The receipts are kept.</source>
        <translation>ينقص المنصة عمل تثبته إيصالاتك. الإيصالات محفوظة.</translation>
    </message>
    <message>
        <source>The marketplace lists work that is not yours. Yours is kept here and not sent.</source>
        <translation>تعرض المنصة عملًا ليس لك. عملك محفوظ هنا ولا يُرسَل.</translation>
    </message>
    <message>
        <source>The marketplace lost work that it had received. It is sent again automatically.</source>
        <translation>فقدت المنصة عملًا كانت قد تسلّمته. يُرسَل من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>The marketplace no longer accepts this computer. Work is safe here.</source>
        <translation>لم تعد المنصة تقبل هذا الحاسوب. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The marketplace refused an upload. The record is kept here.</source>
        <translation>رفضت المنصة إرسالًا. السجل محفوظ هنا.</translation>
    </message>
    <message>
        <source>The marketplace refused to let this computer join. Ask for the reason, or try again.</source>
        <translation>رفضت المنصة ربط هذا الحاسوب. اسأل عن السبب، أو حاول من جديد.</translation>
    </message>
    <message>
        <source>The marketplace reports a wrong time. It is ignored; your time is not affected.</source>
        <translation>تعطي المنصة وقتًا خاطئًا. يُتجاهل، ولا يتأثر وقتك.</translation>
    </message>
    <message>
        <source>The marketplace sent a change without a proof. It was refused.</source>
        <translation>أرسلت المنصة تغييرًا بلا إثبات. رُفض.</translation>
    </message>
    <message>
        <source>The marketplace signs with another key. Nothing is sent, work is safe here.</source>
        <translation>توقّع المنصة بمفتاح آخر. لا يُرسَل شيء، والعمل آمن هنا.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s address must begin with https. Nothing was sent.</source>
        <translation>يجب أن يبدأ عنوان المنصة بـ https. لم يُرسَل شيء.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s answer cannot be read. Work is safe here.</source>
        <translation>تتعذر قراءة رد المنصة. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s certificate is not trusted here. Nothing was sent.</source>
        <translation>شهادة المنصة غير موثوقة هنا. لم يُرسَل شيء.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s clock is {off_s} off. Start again with this computer&apos;s clock.</source>
        <translation>تنحرف ساعة المنصة {off_s}. ابدأ من جديد بساعة هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log could not be checked. Workdiary tries again. Work continues.</source>
        <translation>تعذر فحص سجل المنصة. سيحاول Workdiary من جديد. والعمل مستمر.</translation>
    </message>
    <message>
        <source>The memo is too long: at most {limit} characters.</source>
        <translation>الوصف طويل جدًا: {limit} حرف على الأكثر.</translation>
    </message>
    <message>
        <source>The network settings lack an address. Work is safe here.</source>
        <translation>ينقص عنوان في إعدادات الشبكة. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy asks for a password. Work is safe here, not sent.</source>
        <translation>يطلب وكيل الشبكة كلمة مرور. العمل آمن هنا ولم يُرسَل.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy did not connect to the marketplace. Work is safe here.</source>
        <translation>لم يتصل وكيل الشبكة بالمنصة. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The new version did not start. The earlier version continues.</source>
        <translation>لم يبدأ الإصدار الجديد. يستمر العمل بالإصدار السابق.</translation>
    </message>
    <message>
        <source>The note is too long: at most {limit} characters.</source>
        <translation>الملاحظة طويلة جدًا: {limit} حرف على الأكثر.</translation>
    </message>
    <message>
        <source>The page may not have opened. If no browser shows it, copy its address into one.</source>
        <translation>ربما لم تُفتح الصفحة. إن لم يعرضها متصفح فانسخ عنوانها إلى متصفح.</translation>
    </message>
    <message>
        <source>The picture and its {seconds} are back.</source>
        <translation>عادت الصورة ووقتها ({seconds}).</translation>
    </message>
    <message>
        <source>The picture could not be covered, so it was destroyed. Your time counts.</source>
        <translation>تعذرت تغطية الصورة فأُتلفت. ووقتك محسوب.</translation>
    </message>
    <message>
        <source>The picture is already saved. Delete it in the diary.</source>
        <translation>الصورة محفوظة بالفعل. احذفها من اليوميات.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched. Work is safe here, not sent.</source>
        <translation>تعذّر جلب ملف إعداد الوكيل (PAC). العمل آمن هنا، ولم يُرسل.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work. Work is safe here, not sent.</source>
        <translation>ملف إعداد الوكيل (PAC) لا يعمل. العمل آمن هنا، ولم يُرسل.</translation>
    </message>
    <message>
        <source>The proxy set on this computer does not answer. Work is safe here.</source>
        <translation>لا يرد الوكيل المعيّن على هذا الحاسوب. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The proxy set on this computer has an unknown name. Work is safe here.</source>
        <translation>للوكيل المعيّن على هذا الحاسوب اسم غير معروف. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>The recorder is still saving. You stay signed in. Nothing is lost.</source>
        <translation>ما زال التسجيل يُحفظ. تبقى مسجّل الدخول. لم يُفقد شيء.</translation>
    </message>
    <message>
        <source>The sign-in was cancelled. This computer has not joined.</source>
        <translation>أُلغي تسجيل الدخول. لم يُربط هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The sign-in was not finished in the browser. This computer has not joined.</source>
        <translation>لم يكتمل تسجيل الدخول في المتصفح. لم يُربط هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The week is locked: memos and time stay as they are.</source>
        <translation>الأسبوع مغلق: تبقى الأوصاف والوقت كما هي.</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet. Sign in to join.</source>
        <translation>لم يُربط هذا الحاسوب بأي منصة بعد. سجّل الدخول لربطه.</translation>
    </message>
    <message>
        <source>This computer has not joined the marketplace yet.</source>
        <translation>لم يُربط هذا الحاسوب بالمنصة بعد.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {off_s} behind the last known time. Set it, then start.</source>
        <translation>ساعة هذا الحاسوب متأخرة {off_s} عن آخر وقت معروف. اضبطها ثم ابدأ.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock shows an impossible year. Set it, then start.</source>
        <translation>تُظهر ساعة هذا الحاسوب سنة مستحيلة. اضبطها ثم ابدأ.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set ahead by {off_s}. Recording has stopped.</source>
        <translation>قُدّمت ساعة هذا الحاسوب {off_s}. توقف التسجيل.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set back by {off_s}. Recording has stopped.</source>
        <translation>أُخّرت ساعة هذا الحاسوب {off_s}. توقف التسجيل.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set. Your time is not affected.</source>
        <translation>ضُبطت ساعة هذا الحاسوب. لا يتأثر وقتك.</translation>
    </message>
    <message>
        <source>This computer&apos;s key expires within 8 weeks. Renew it with a new code.</source>
        <translation>تنتهي صلاحية مفتاح هذا الحاسوب خلال 8 أسابيع. جدّده برمز جديد.</translation>
    </message>
    <message>
        <source>This contract is not known on this computer.</source>
        <translation>هذا العقد غير معروف على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>This drive cannot lock files. Keep the diary&apos;s folder on another drive.</source>
        <translation>لا يستطيع هذا القرص قفل الملفات. ضع مجلد اليوميات على قرص آخر.</translation>
    </message>
    <message>
        <source>This folder is a backup or copy. Work continues after the last upload. Nothing is lost.</source>
        <translation>هذا المجلد نسخة احتياطية أو نسخة. يستمر العمل بعد آخر إرسال. لم يُفقد شيء.</translation>
    </message>
    <message>
        <source>This marketplace has no sign-in in the browser. Join with a one-time code.</source>
        <translation>لا تتيح هذه المنصة تسجيل الدخول في المتصفح. اربط الحاسوب برمز لمرة واحدة.</translation>
    </message>
    <message>
        <source>This network requires a sign-in first. Work is safe here.</source>
        <translation>تطلب هذه الشبكة تسجيل الدخول أولًا. العمل آمن هنا.</translation>
    </message>
    <message>
        <source>This segment number is already used by a different record. Nothing was overwritten.</source>
        <translation>رقم المقطع هذا مستخدم لسجل آخر. لم يُستبدل شيء.</translation>
    </message>
    <message>
        <source>This week&apos;s limit of {limit_s} is reached. Recording stopped; your time is saved.</source>
        <translation>بُلغ حد هذا الأسبوع {limit_s}. توقف التسجيل، ووقتك محفوظ.</translation>
    </message>
    <message>
        <source>To join, sign in to this network first. Workdiary then tries again by itself.</source>
        <translation>للربط سجّل الدخول إلى هذه الشبكة أولًا. ثم يحاول Workdiary من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>To join, the marketplace must be reached. Workdiary tries again by itself.</source>
        <translation>للربط يجب الوصول إلى المنصة. سيحاول Workdiary من جديد تلقائيًا.</translation>
    </message>
    <message>
        <source>To join, the marketplace&apos;s address must begin with https.</source>
        <translation>للربط يجب أن يبدأ عنوان المنصة بـ https.</translation>
    </message>
    <message>
        <source>Too late to undo: the picture and its time are deleted.</source>
        <translation>فات أوان التراجع: حُذفت الصورة ووقتها.</translation>
    </message>
    <message>
        <source>Too many pictures are waiting for upload. Start again once they are uploaded.</source>
        <translation>صور كثيرة تنتظر رفعها. ابدأ من جديد بعد رفعها.</translation>
    </message>
    <message>
        <source>Updates were refused: their signatures or dates are not valid. Nothing was changed.</source>
        <translation>رُفضت التحديثات: توقيعاتها أو تواريخها غير صالحة. لم يتغيّر شيء.</translation>
    </message>
    <message>
        <source>Workdiary cannot use this kind of proxy. Work is safe here, not sent.</source>
        <translation>لا يستطيع Workdiary استخدام هذا النوع من الوكلاء. العمل آمن هنا، ولم يُرسل.</translation>
    </message>
    <message>
        <source>Workdiary could not open the page. Copy its address into a browser.</source>
        <translation>تعذر على Workdiary فتح الصفحة. انسخ عنوانها إلى متصفح.</translation>
    </message>
    <message>
        <source>Workdiary failed to start. Your saved work is safe.</source>
        <translation>تعذر تشغيل Workdiary. عملك المحفوظ آمن.</translation>
    </message>
    <message>
        <source>Workdiary is already running with this folder. Nothing was changed.</source>
        <translation>يعمل Workdiary بالفعل بهذا المجلد. لم يتغير شيء.</translation>
    </message>
    <message>
        <source>Write what you are working on first.</source>
        <translation>اكتب أولًا ما تعمل عليه.</translation>
    </message>
    <message>
        <source>You are signed out. Your other marketplace is open now.</source>
        <translation>تم تسجيل خروجك. منصتك الأخرى مفتوحة الآن.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} ahead of the marketplace. Recording is stopped.</source>
        <translation>ساعتك متقدمة {off_s} على المنصة. التسجيل متوقف.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} behind the marketplace. Recording is stopped.</source>
        <translation>ساعتك متأخرة {off_s} عن المنصة. التسجيل متوقف.</translation>
    </message>
    <message>
        <source>Your desktop asks whether Workdiary may take screenshots.</source>
        <translation>يسأل سطح المكتب هل يجوز لـ Workdiary التقاط صور للشاشة.</translation>
    </message>
    <message>
        <source>Your desktop did not answer the request for screenshots. Your time still counts.</source>
        <translation>لم يرد سطح المكتب على طلب لقطات الشاشة. ووقتك محسوب مع ذلك.</translation>
    </message>
    <message>
        <source>Your diary has entries up to {ahead_s} ahead of now. New time is added after them.</source>
        <translation>في يومياتك مدخلات حتى {ahead_s} بعد الآن. يُضاف الوقت الجديد بعدها.</translation>
    </message>
    <message>
        <source>{percent} % of this week&apos;s limit is used: {used_s} of {limit_s}.</source>
        <translation>استُخدم {percent}% من حد هذا الأسبوع: {used_s} من {limit_s}.</translation>
    </message>
    <message>
        <source>{seconds} from before the interruption are in the diary.</source>
        <translation>{seconds} من قبل الانقطاع موجودة في اليوميات.</translation>
    </message>
    <message>
        <source>{seconds} of this week&apos;s work are unpaid. See why.</source>
        <translation>{seconds} من عمل هذا الأسبوع غير مدفوعة. انظر السبب.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a key that is lost. They are set aside and not paid.</source>
        <translation>سُجّل {seconds} بمفتاح مفقود. وُضعت جانبًا ولا تُدفع.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a wrong clock. They are set aside, not paid.</source>
        <translation>سُجّل {seconds} بساعة خاطئة. وُضعت جانبًا بلا دفع.</translation>
    </message>
    <message>
        <source>{seconds} without input are kept, with your note.</source>
        <translation>{seconds} بلا نشاط محفوظة مع ملاحظتك.</translation>
    </message>
</context>
<context>
    <name>Notification</name>
    <message numerus="yes">
        <source>%n entries are waiting. They are safe on this computer.</source>
        <translation>
            <numerusform>لا عمل في الانتظار.</numerusform>
            <numerusform>جزء واحد من العمل في الانتظار. وهو محفوظ على هذا الحاسوب.</numerusform>
            <numerusform>جزآن من العمل في الانتظار. وهما محفوظان على هذا الحاسوب.</numerusform>
            <numerusform>%n أجزاء من العمل في الانتظار. وهي محفوظة على هذا الحاسوب.</numerusform>
            <numerusform>%n جزءًا من العمل في الانتظار. وهي محفوظة على هذا الحاسوب.</numerusform>
            <numerusform>%n جزء من العمل في الانتظار. وهي محفوظة على هذا الحاسوب.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new questions</source>
        <translation>
            <numerusform>لا أسئلة جديدة</numerusform>
            <numerusform>سؤال جديد واحد</numerusform>
            <numerusform>سؤالان جديدان</numerusform>
            <numerusform>%n أسئلة جديدة</numerusform>
            <numerusform>%n سؤالًا جديدًا</numerusform>
            <numerusform>%n سؤال جديد</numerusform>
        </translation>
    </message>
    <message>
        <source>A client has a question</source>
        <translation>لدى عميل سؤال</translation>
    </message>
    <message>
        <source>Clock problem solved</source>
        <translation>حُلّت مشكلة الساعة</translation>
    </message>
    <message>
        <source>Disk problem</source>
        <translation>مشكلة في القرص</translation>
    </message>
    <message>
        <source>Disk problem solved</source>
        <translation>حُلّت مشكلة القرص</translation>
    </message>
    <message>
        <source>New device</source>
        <translation>جهاز جديد</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>بلا اتصال</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>فتح</translation>
    </message>
    <message>
        <source>Recording for {span} without a break.</source>
        <translation>التسجيل مستمر منذ {span} بلا استراحة.</translation>
    </message>
    <message>
        <source>Recording paused</source>
        <translation>التسجيل موقوف مؤقتًا</translation>
    </message>
    <message>
        <source>Recording started</source>
        <translation>بدأ التسجيل</translation>
    </message>
    <message>
        <source>Recording stopped</source>
        <translation>توقف التسجيل</translation>
    </message>
    <message>
        <source>Recording stopped: clock problem</source>
        <translation>توقف التسجيل: مشكلة في الساعة</translation>
    </message>
    <message>
        <source>Recording stopped: contract ended</source>
        <translation>توقف التسجيل: انتهى العقد</translation>
    </message>
    <message>
        <source>Recording stopped: contract paused</source>
        <translation>توقف التسجيل: العقد موقوف مؤقتًا</translation>
    </message>
    <message>
        <source>Recording stopped: disk problem</source>
        <translation>توقف التسجيل: مشكلة في القرص</translation>
    </message>
    <message>
        <source>Recording stopped: error</source>
        <translation>توقف التسجيل: خطأ</translation>
    </message>
    <message>
        <source>Recording stopped: no input</source>
        <translation>توقف التسجيل: لا نشاط</translation>
    </message>
    <message>
        <source>Recording stopped: screen locked</source>
        <translation>توقف التسجيل: قُفلت الشاشة</translation>
    </message>
    <message>
        <source>Recording stopped: this computer went to sleep</source>
        <translation>توقف التسجيل: دخل الحاسوب في السكون</translation>
    </message>
    <message>
        <source>Recording stopped: too many pictures are waiting</source>
        <translation>توقف التسجيل: صور كثيرة تنتظر الرفع</translation>
    </message>
    <message>
        <source>Recording stopped: weekly limit reached</source>
        <translation>توقف التسجيل: بُلغ الحد الأسبوعي</translation>
    </message>
    <message>
        <source>Some work is not paid</source>
        <translation>بعض العمل غير مدفوع</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>بدء</translation>
    </message>
    <message>
        <source>Start recording?</source>
        <translation>هل تريد بدء التسجيل؟</translation>
    </message>
    <message>
        <source>Still recording</source>
        <translation>التسجيل ما زال مستمرًا</translation>
    </message>
    <message>
        <source>The marketplace has not answered for {span}. Your work is stored on this computer.</source>
        <translation>لم ترد المنصة منذ {span}. عملك محفوظ على هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log has changed</source>
        <translation>تغيّر سجل المنصة</translation>
    </message>
    <message>
        <source>Update ready</source>
        <translation>تحديث جاهز</translation>
    </message>
    <message>
        <source>Uploading takes long</source>
        <translation>يستغرق الإرسال وقتًا طويلًا</translation>
    </message>
    <message>
        <source>Weekly limit almost reached</source>
        <translation>اقترب الحد الأسبوعي</translation>
    </message>
    <message>
        <source>Weekly limit reached</source>
        <translation>بُلغ الحد الأسبوعي</translation>
    </message>
    <message>
        <source>You chose this time to be reminded. Contract: {contract}</source>
        <translation>اخترت هذا الوقت للتذكير. العقد: {contract}</translation>
    </message>
</context>
<context>
    <name>Number</name>
    <message>
        <source>{whole}.{tenths}</source>
        <comment>a decimal number</comment>
        <translation>{whole}.{tenths}</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>&amp;Cover …</source>
        <translation>&amp;تغطية …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>ح&amp;ذف</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>احتفا&amp;ظ</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>ت&amp;راجع</translation>
    </message>
    <message>
        <source>Deleted, with its time.</source>
        <translation>حُذفت مع وقتها.</translation>
    </message>
    <message>
        <source>Deleting removes {span} of paid time</source>
        <translation>الحذف يزيل {span} من الوقت المدفوع</translation>
    </message>
    <message>
        <source>Deleting {cost}</source>
        <translation>الحذف {cost}</translation>
    </message>
    <message>
        <source>Hidden: do not disturb</source>
        <translation>مخفية: عدم الإزعاج</translation>
    </message>
    <message>
        <source>Hidden: full screen</source>
        <translation>مخفية: ملء الشاشة</translation>
    </message>
    <message>
        <source>Hidden: screen is shared</source>
        <translation>مخفية: الشاشة مشتركة</translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation>آخر صورة</translation>
    </message>
    <message>
        <source>Last picture {time}</source>
        <translation>آخر صورة {time}</translation>
    </message>
    <message>
        <source>No picture yet. No pictures are taken while paused.</source>
        <translation>لا صورة بعد. لا تُلتقط صور أثناء الإيقاف المؤقت.</translation>
    </message>
    <message>
        <source>No picture yet. Press Start to begin.</source>
        <translation>لا صورة بعد. اضغط «بدء» للبدء.</translation>
    </message>
    <message>
        <source>No picture: a hidden area could not be covered.</source>
        <translation>بلا صورة: تعذرت تغطية منطقة مخفية.</translation>
    </message>
    <message>
        <source>No picture: not possible on this desktop.</source>
        <translation>بلا صورة: غير ممكن على سطح المكتب هذا.</translation>
    </message>
    <message>
        <source>No picture: screenshots are blocked.</source>
        <translation>بلا صورة: لقطات الشاشة محظورة.</translation>
    </message>
    <message>
        <source>No picture: the screen was locked.</source>
        <translation>بلا صورة: كانت الشاشة مقفلة.</translation>
    </message>
    <message>
        <source>No picture: the screenshot failed. Your time still counts.</source>
        <translation>بلا صورة: فشلت لقطة الشاشة. ووقتك محسوب مع ذلك.</translation>
    </message>
    <message>
        <source>Not uploaded while you look</source>
        <translation>لا تُرسَل ما دمت تنظر إليها</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>التُقطت صورة {time}</translation>
    </message>
    <message>
        <source>Picture {time} deleted</source>
        <translation>حُذفت صورة {time}</translation>
    </message>
    <message numerus="yes">
        <source>Picture {time}, upload in %n&#xa0;s</source>
        <translation>
            <numerusform>صورة {time}، تُرسَل الآن</numerusform>
            <numerusform>صورة {time}، تُرسَل بعد ثانية</numerusform>
            <numerusform>صورة {time}، تُرسَل بعد ثانيتين</numerusform>
            <numerusform>صورة {time}، تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>صورة {time}، تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>صورة {time}، تُرسَل بعد %n&#xa0;ث</numerusform>
        </translation>
    </message>
    <message>
        <source>Picture {time}, upload paused</source>
        <translation>صورة {time}، الإرسال متوقف</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>تُرسَل الآن</numerusform>
            <numerusform>تُرسَل بعد ثانية</numerusform>
            <numerusform>تُرسَل بعد ثانيتين</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
        </translation>
    </message>
    <message>
        <source>Preview hidden</source>
        <translation>المعاينة مخفية</translation>
    </message>
    <message>
        <source>The next picture is taken at a random moment.</source>
        <translation>تُلتقط الصورة التالية في لحظة عشوائية.</translation>
    </message>
    <message>
        <source>This contract asks for no pictures.</source>
        <translation>هذا العقد لا يطلب صورًا.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <comment>on a narrow line</comment>
        <translation>
            <numerusform>تُرسَل الآن</numerusform>
            <numerusform>تُرسَل بعد ثانية</numerusform>
            <numerusform>تُرسَل بعد ثانيتين</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You can undo this for %n&#xa0;s</source>
        <translation>
            <numerusform>لم يعد التراجع ممكنًا</numerusform>
            <numerusform>يمكنك التراجع خلال ثانية</numerusform>
            <numerusform>يمكنك التراجع خلال ثانيتين</numerusform>
            <numerusform>يمكنك التراجع خلال %n&#xa0;ث</numerusform>
            <numerusform>يمكنك التراجع خلال %n&#xa0;ث</numerusform>
            <numerusform>يمكنك التراجع خلال %n&#xa0;ث</numerusform>
        </translation>
    </message>
    <message>
        <source>removes {span} of paid time</source>
        <translation>يزيل {span} من الوقت المدفوع</translation>
    </message>
    <message>
        <source>{span} of paid time removed</source>
        <translation>أُزيل {span} من الوقت المدفوع</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Please confirm</source>
        <translation>يُرجى التأكيد</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message numerus="yes">
        <source>%n questions of clients wait for an answer.</source>
        <translation>
            <numerusform>لا أسئلة من العملاء بانتظار إجابة.</numerusform>
            <numerusform>سؤال واحد من العملاء بانتظار إجابة.</numerusform>
            <numerusform>سؤالان من العملاء بانتظار إجابة.</numerusform>
            <numerusform>%n أسئلة من العملاء بانتظار إجابة.</numerusform>
            <numerusform>%n سؤالًا من العملاء بانتظار إجابة.</numerusform>
            <numerusform>%n سؤال من العملاء بانتظار إجابة.</numerusform>
        </translation>
    </message>
    <message>
        <source>(deleted)</source>
        <translation>(محذوف)</translation>
    </message>
    <message>
        <source>Answer sent. The client can read it.</source>
        <translation>أُرسلت الإجابة. يستطيع العميل قراءتها.</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>تعليق</translation>
    </message>
    <message>
        <source>Dispute of {client}</source>
        <translation>نزاع من {client}</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>الجمعة</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>الإثنين</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>السؤال التالي</translation>
    </message>
    <message>
        <source>Previous question</source>
        <translation>السؤال السابق</translation>
    </message>
    <message>
        <source>Question from {client}</source>
        <translation>سؤال من {client}</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>السبت</translation>
    </message>
    <message>
        <source>Send a&amp;nswer</source>
        <translation>إرسال الإ&amp;جابة</translation>
    </message>
    <message>
        <source>Sending your answer …</source>
        <translation>جارٍ إرسال إجابتك …</translation>
    </message>
    <message>
        <source>Settled by the client</source>
        <translation>سوّاه العميل</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>الأحد</translation>
    </message>
    <message>
        <source>The marketplace did not accept your answer. Send it again.</source>
        <translation>لم تقبل المنصة إجابتك. أرسلها من جديد.</translation>
    </message>
    <message>
        <source>The page in the browser shows all replies.</source>
        <translation>تعرض الصفحة في المتصفح كل الردود.</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>الخميس</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>الثلاثاء</translation>
    </message>
    <message>
        <source>Waits for your answer</source>
        <translation>بانتظار إجابتك</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>الأربعاء</translation>
    </message>
    <message>
        <source>You, {when}</source>
        <translation>أنت، {when}</translation>
    </message>
    <message>
        <source>{name}, {when}</source>
        <translation>{name}، {when}</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>إجابتك</translation>
    </message>
    <message>
        <source>Your answer is saved. It will be sent when online.</source>
        <translation>إجابتك محفوظة. ستُرسل عند الاتصال.</translation>
    </message>
    <message>
        <source>{client} asks about {times}</source>
        <translation>{client} يسأل عن {times}</translation>
    </message>
    <message>
        <source>{client} disputes {times}</source>
        <translation>{client} يعترض على {times}</translation>
    </message>
    <message>
        <source>{day} {start}–{end}</source>
        <translation>{day} {start}–{end}</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} من {count}</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
</context>
<context>
    <name>Quit</name>
    <message numerus="yes">
        <source>%n waiting, safe on this computer, uploaded at the next start.</source>
        <translation>
            <numerusform>لا شيء في الانتظار.</numerusform>
            <numerusform>واحد في الانتظار، آمن على هذا الحاسوب، يُرسَل عند التشغيل التالي.</numerusform>
            <numerusform>اثنان في الانتظار، آمنان على هذا الحاسوب، يُرسَلان عند التشغيل التالي.</numerusform>
            <numerusform>%n في الانتظار، آمنة على هذا الحاسوب، تُرسَل عند التشغيل التالي.</numerusform>
            <numerusform>%n في الانتظار، آمنة على هذا الحاسوب، تُرسَل عند التشغيل التالي.</numerusform>
            <numerusform>%n في الانتظار، آمنة على هذا الحاسوب، تُرسَل عند التشغيل التالي.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>إل&amp;غاء</translation>
    </message>
    <message>
        <source>&amp;Keep recording</source>
        <translation>&amp;متابعة التسجيل</translation>
    </message>
    <message>
        <source>&amp;Quit, lose unsaved work</source>
        <translation>إنهاء و&amp;فقدان غير المحفوظ</translation>
    </message>
    <message>
        <source>&amp;Stop and quit</source>
        <translation>إ&amp;يقاف وإنهاء</translation>
    </message>
    <message>
        <source>Quit now?</source>
        <translation>هل تريد الإنهاء الآن؟</translation>
    </message>
    <message>
        <source>Stop recording and quit?</source>
        <translation>هل تريد إيقاف التسجيل والإنهاء؟</translation>
    </message>
    <message>
        <source>The disk does not accept your latest work. Workdiary saves it as soon as the disk works again. If you quit before that, it is lost.</source>
        <translation>لا يقبل القرص أحدث عمل لك. يحفظه Workdiary حالما يعود القرص إلى العمل. وإذا أنهيت البرنامج قبل ذلك فسيُفقد.</translation>
    </message>
    <message>
        <source>Your time up to now is saved on this computer.</source>
        <translation>وقتك حتى الآن محفوظ على هذا الحاسوب.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message numerus="yes">
        <source>%n&#xa0;s left to undo</source>
        <translation>
            <numerusform>انتهت مهلة التراجع</numerusform>
            <numerusform>بقيت ثانية للتراجع</numerusform>
            <numerusform>بقيت ثانيتان للتراجع</numerusform>
            <numerusform>بقي %n&#xa0;ث للتراجع</numerusform>
            <numerusform>بقي %n&#xa0;ث للتراجع</numerusform>
            <numerusform>بقي %n&#xa0;ث للتراجع</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Delete ({cost})</source>
        <translation>ح&amp;ذف ({cost})</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>م&amp;لاءمة</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>ا&amp;حتفاظ</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Keep with %n areas covered</source>
        <translation>
            <numerusform>ا&amp;حتفاظ بلا مناطق مغطاة</numerusform>
            <numerusform>ا&amp;حتفاظ مع منطقة مغطاة</numerusform>
            <numerusform>ا&amp;حتفاظ مع منطقتين مغطاتين</numerusform>
            <numerusform>ا&amp;حتفاظ مع %n مناطق مغطاة</numerusform>
            <numerusform>ا&amp;حتفاظ مع %n منطقة مغطاة</numerusform>
            <numerusform>ا&amp;حتفاظ مع %n منطقة مغطاة</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Keep with 1 area covered</source>
        <translation>ا&amp;حتفاظ مع منطقة مغطاة</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>ت&amp;راجع عن الحذف</translation>
    </message>
    <message numerus="yes">
        <source>Can be undone for %n&#xa0;s</source>
        <translation>
            <numerusform>لا يمكن التراجع</numerusform>
            <numerusform>يمكن التراجع خلال ثانية</numerusform>
            <numerusform>يمكن التراجع خلال ثانيتين</numerusform>
            <numerusform>يمكن التراجع خلال %n&#xa0;ث</numerusform>
            <numerusform>يمكن التراجع خلال %n&#xa0;ث</numerusform>
            <numerusform>يمكن التراجع خلال %n&#xa0;ث</numerusform>
        </translation>
    </message>
    <message>
        <source>Cl&amp;ose</source>
        <translation>إ&amp;غلاق</translation>
    </message>
    <message numerus="yes">
        <source>Cove&amp;r %n areas</source>
        <translation>
            <numerusform>لا مناطق ل&amp;لتغطية</numerusform>
            <numerusform>&amp;تغطية منطقة</numerusform>
            <numerusform>&amp;تغطية منطقتين</numerusform>
            <numerusform>&amp;تغطية %n مناطق</numerusform>
            <numerusform>&amp;تغطية %n منطقة</numerusform>
            <numerusform>&amp;تغطية %n منطقة</numerusform>
        </translation>
    </message>
    <message>
        <source>Cove&amp;r 1 area</source>
        <translation>&amp;تغطية منطقة</translation>
    </message>
    <message>
        <source>Cover an &amp;area</source>
        <translation>تغطية م&amp;نطقة</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>مغطاة</translation>
    </message>
    <message>
        <source>Deleted, with its time</source>
        <translation>حُذفت مع وقتها</translation>
    </message>
    <message>
        <source>Deleted. {span} of paid time removed.</source>
        <translation>حُذفت. أُزيل {span} من الوقت المدفوع.</translation>
    </message>
    <message>
        <source>Held while this window is open</source>
        <translation>محجوزة ما دامت هذه النافذة مفتوحة</translation>
    </message>
    <message>
        <source>Keep &amp;without covers</source>
        <translation>احتفاظ &amp;بلا تغطية</translation>
    </message>
    <message>
        <source>Kept, not uploaded yet</source>
        <translation>محتفظ بها، لم تُرسَل بعد</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>جارٍ تحميل الصورة …</translation>
    </message>
    <message>
        <source>Or drag over the picture. The arrow keys move the area.</source>
        <translation>أو اسحب فوق الصورة. مفاتيح الأسهم تحرك المنطقة.</translation>
    </message>
    <message>
        <source>Original size</source>
        <translation>الحجم الأصلي</translation>
    </message>
    <message>
        <source>Picture {time}</source>
        <translation>صورة {time}</translation>
    </message>
    <message>
        <source>Picture {time} at full size</source>
        <translation>صورة {time} بالحجم الكامل</translation>
    </message>
    <message>
        <source>Remove cover {number}, {width} × {height} pixels</source>
        <translation>إزالة الغطاء {number}، {width} × {height} بكسل</translation>
    </message>
    <message>
        <source>Remove la&amp;st cover</source>
        <translation>إزالة آ&amp;خر غطاء</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>محفوظة</translation>
    </message>
    <message>
        <source>Stays on this computer</source>
        <translation>تبقى على هذا الحاسوب</translation>
    </message>
    <message>
        <source>The areas are being covered</source>
        <translation>جارٍ تغطية المناطق</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>لم تعد الصورة على هذا الحاسوب.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>تُرسَل الآن</numerusform>
            <numerusform>تُرسَل بعد ثانية</numerusform>
            <numerusform>تُرسَل بعد ثانيتين</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
            <numerusform>تُرسَل بعد %n&#xa0;ث</numerusform>
        </translation>
    </message>
    <message>
        <source>Uploaded when the current ten minutes have ended</source>
        <translation>تُرسَل عند انتهاء الدقائق العشر الحالية</translation>
    </message>
    <message>
        <source>You can delete it in the diary</source>
        <translation>يمكنك حذفها من اليوميات</translation>
    </message>
    <message>
        <source>Your time stays; the client sees the covers.</source>
        <translation>يبقى وقتك، ويرى العميل الأغطية.</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>تكبير</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>تصغير</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>&amp;Theme</source>
        <translation>ال&amp;سمة</translation>
    </message>
    <message>
        <source>A screen area in pixels: left, top, width and height</source>
        <translation>منطقة من الشاشة بالبكسل: اليسار، الأعلى، العرض والارتفاع</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>إضافة</translation>
    </message>
    <message>
        <source>Add application</source>
        <translation>إضافة تطبيق</translation>
    </message>
    <message>
        <source>Add area</source>
        <translation>إضافة منطقة</translation>
    </message>
    <message>
        <source>Add one that is open now</source>
        <translation>إضافة تطبيق مفتوح الآن</translation>
    </message>
    <message>
        <source>Add reminder</source>
        <translation>إضافة تذكير</translation>
    </message>
    <message numerus="yes">
        <source>After %n&#xa0;hours of recording</source>
        <translation>
            <numerusform>فورًا</numerusform>
            <numerusform>بعد ساعة من التسجيل</numerusform>
            <numerusform>بعد ساعتين من التسجيل</numerusform>
            <numerusform>بعد %n&#xa0;ساعات من التسجيل</numerusform>
            <numerusform>بعد %n&#xa0;ساعة من التسجيل</numerusform>
            <numerusform>بعد %n&#xa0;ساعة من التسجيل</numerusform>
        </translation>
    </message>
    <message>
        <source>All monitors</source>
        <translation>كل الشاشات</translation>
    </message>
    <message>
        <source>Ca&amp;pture</source>
        <translation>الالتقا&amp;ط</translation>
    </message>
    <message>
        <source>&amp;Check …</source>
        <translation>&amp;فحص …</translation>
    </message>
    <message>
        <source>&amp;Blur pictures</source>
        <translation>&amp;تمويه الصور</translation>
    </message>
    <message>
        <source>&amp;Start Workdiary when you log in</source>
        <translation>&amp;تشغيل Workdiary عند تسجيل الدخول</translation>
    </message>
    <message>
        <source>&amp;What is recorded</source>
        <translation>&amp;ما يُسجَّل</translation>
    </message>
    <message>
        <source>Add application to show</source>
        <translation>إضافة تطبيق ظاهر</translation>
    </message>
    <message>
        <source>All but the hidden ones</source>
        <translation>الكل ما عدا المخفية</translation>
    </message>
    <message>
        <source>Applications that pictures &amp;show</source>
        <translation>التطبيقات التي ت&amp;ظهر في الصور</translation>
    </message>
    <message>
        <source>Applications that pictures show</source>
        <translation>التطبيقات التي تظهر في الصور</translation>
    </message>
    <message>
        <source>Changes apply at once.</source>
        <translation>تسري التغييرات فورًا.</translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation>فحص هذا الحاسوب</translation>
    </message>
    <message>
        <source>Count &amp;key presses, clicks and scrolls</source>
        <translation>عدّ ضغطات الم&amp;فاتيح والنقرات والتمرير</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>داكن</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>التفاصيل</translation>
    </message>
    <message>
        <source>Hidden &amp;applications</source>
        <translation>&amp;التطبيقات المخفية</translation>
    </message>
    <message>
        <source>Hidden applications</source>
        <translation>التطبيقات المخفية</translation>
    </message>
    <message>
        <source>Hidden screen a&amp;reas</source>
        <translation>م&amp;ناطق الشاشة المخفية</translation>
    </message>
    <message>
        <source>Hidden screen areas</source>
        <translation>مناطق الشاشة المخفية</translation>
    </message>
    <message>
        <source>It stays hidden during do not disturb, while another program fills the screen, and while the screen is shared, if the desktop reports that. Otherwise choose Hide previews in the tray&apos;s menu before you share your screen.</source>
        <translation>تبقى مخفية أثناء «عدم الإزعاج»، وعندما يملأ برنامج آخر الشاشة، وأثناء مشاركة الشاشة، إذا أبلغ سطح المكتب بذلك. وإلا فاختر «إخفاء المعاينات» في قائمة شريط النظام قبل أن تشارك شاشتك.</translation>
    </message>
    <message>
        <source>It opens its window then and records nothing before Start.</source>
        <translation>يفتح نافذته عندئذٍ ولا يسجّل شيئًا قبل البدء.</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>ال&amp;لغة</translation>
    </message>
    <message>
        <source>&amp;Report …</source>
        <translation>ت&amp;قرير …</translation>
    </message>
    <message>
        <source>&amp;Shortcut for Start and Stop</source>
        <translation>ا&amp;ختصار البدء والإيقاف</translation>
    </message>
    <message>
        <source>&amp;Time to check each picture</source>
        <translation>وقت م&amp;راجعة كل صورة</translation>
    </message>
    <message>
        <source>&amp;Updates of Workdiary</source>
        <translation>ت&amp;حديثات Workdiary</translation>
    </message>
    <message>
        <source>A change applies when Workdiary starts again.</source>
        <translation>يسري التغيير عند تشغيل Workdiary من جديد.</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>كل العقود</translation>
    </message>
    <message>
        <source>All contracts: only {names}. An application in this contract&apos;s list must be in that list too.</source>
        <translation>كل العقود: {names} فقط. ويجب أن يكون كل تطبيق في قائمة هذا العقد في تلك القائمة أيضًا.</translation>
    </message>
    <message>
        <source>All contracts: {names}</source>
        <translation>كل العقود: {names}</translation>
    </message>
    <message>
        <source>Another program uses these keys. Choose others.</source>
        <translation>يستخدم برنامج آخر هذه المفاتيح. اختر غيرها.</translation>
    </message>
    <message>
        <source>Appearance and language</source>
        <translation>المظهر واللغة</translation>
    </message>
    <message>
        <source>As for all contracts</source>
        <translation>كما لكل العقود</translation>
    </message>
    <message>
        <source>As in the contract</source>
        <translation>كما في العقد</translation>
    </message>
    <message>
        <source>It is uploaded after that, unless you delete it. A contract may give more time.</source>
        <translation>تُرسَل بعده ما لم تحذفها. وقد يمنح العقد وقتًا أطول.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>فاتح</translation>
    </message>
    <message>
        <source>Light</source>
        <comment>strength of the blur</comment>
        <translation>خفيف</translation>
    </message>
    <message>
        <source>Lines and secondary texts get the colour of the text.</source>
        <translation>تأخذ الخطوط والنصوص الثانوية لون النص.</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>مقفل</translation>
    </message>
    <message>
        <source>Locked by the administrator of this computer.</source>
        <translation>أقفله مسؤول هذا الحاسوب.</translation>
    </message>
    <message>
        <source>Locked by your organisation, {name}.</source>
        <translation>أقفلته مؤسستك، {name}.</translation>
    </message>
    <message>
        <source>Medium</source>
        <comment>strength of the blur</comment>
        <translation>متوسط</translation>
    </message>
    <message>
        <source>More co&amp;ntrast</source>
        <translation>ت&amp;باين أعلى</translation>
    </message>
    <message>
        <source>Name of an application</source>
        <translation>اسم تطبيق</translation>
    </message>
    <message>
        <source>Name of an application to show</source>
        <translation>اسم تطبيق ظاهر</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>أبدًا</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no shortcut</comment>
        <translation>بلا</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no updates</comment>
        <translation>بلا</translation>
    </message>
    <message>
        <source>Not blurred</source>
        <translation>بلا تمويه</translation>
    </message>
    <message>
        <source>Not saved: {problem}. Applies until you quit.</source>
        <translation>لم يُحفظ: {problem}. يسري حتى تُنهي البرنامج.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>متوقف</translation>
    </message>
    <message>
        <source>On</source>
        <translation>يعمل</translation>
    </message>
    <message>
        <source>On Wayland, pictures always show all monitors.</source>
        <translation>على Wayland تُظهر الصور كل الشاشات دائمًا.</translation>
    </message>
    <message>
        <source>Only those listed</source>
        <translation>المدرجة فقط</translation>
    </message>
    <message>
        <source>Previews too</source>
        <translation>والإصدارات التجريبية أيضًا</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>الخصوصية</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>التسجيل</translation>
    </message>
    <message>
        <source>Remind me to &amp;start at</source>
        <translation>تذكيري بال&amp;بدء في</translation>
    </message>
    <message>
        <source>Remind me to take a &amp;break</source>
        <translation>تذكيري بأخذ اس&amp;تراحة</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>التذكيرات</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>إزالة</translation>
    </message>
    <message>
        <source>Remove application</source>
        <translation>إزالة تطبيق</translation>
    </message>
    <message>
        <source>Remove application to show</source>
        <translation>إزالة تطبيق ظاهر</translation>
    </message>
    <message>
        <source>Remove area</source>
        <translation>إزالة منطقة</translation>
    </message>
    <message>
        <source>Remove reminder</source>
        <translation>إزالة تذكير</translation>
    </message>
    <message>
        <source>Removes small details, so that text is hard to read. Cover what must stay secret. The client sees that pictures are blurred.</source>
        <translation>يزيل التفاصيل الصغيرة فتصعب قراءة النص. غطِّ ما يجب أن يبقى سرًا. ويرى العميل أن الصور مموَّهة.</translation>
    </message>
    <message>
        <source>Rules &amp;for</source>
        <translation>القواع&amp;د لـ</translation>
    </message>
    <message>
        <source>Rules for one contract add to those for all contracts: what either covers is covered.</source>
        <translation>تُضاف قواعد العقد الواحد إلى قواعد كل العقود: فما تغطيه أي منها يُغطى.</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>مثل النظام</translation>
    </message>
    <message>
        <source>Save a report for support</source>
        <translation>حفظ تقرير للدعم</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>حُفظ.</translation>
    </message>
    <message>
        <source>Saved. Applies at the next Start.</source>
        <translation>حُفظ. يسري من البدء التالي.</translation>
    </message>
    <message>
        <source>Saved. Applies at your next login.</source>
        <translation>تم الحفظ. يسري عند تسجيل الدخول التالي.</translation>
    </message>
    <message>
        <source>Saved. Applies from the next picture.</source>
        <translation>حُفظ. يسري من الصورة التالية.</translation>
    </message>
    <message>
        <source>Saved. Applies when Workdiary starts again.</source>
        <translation>حُفظ. يسري عند تشغيل Workdiary من جديد.</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>الأقسام</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Show a pre&amp;view when a picture is taken</source>
        <translation>&amp;عرض معاينة عند التقاط صورة</translation>
    </message>
    <message>
        <source>Show one that is open now</source>
        <translation>إظهار تطبيق مفتوح الآن</translation>
    </message>
    <message>
        <source>Stable versions</source>
        <translation>الإصدارات المستقرة</translation>
    </message>
    <message>
        <source>Start or stop recording</source>
        <translation>بدء التسجيل أو إيقافه</translation>
    </message>
    <message>
        <source>Strong</source>
        <comment>strength of the blur</comment>
        <translation>قوي</translation>
    </message>
    <message>
        <source>Start Workdiary when you log in.</source>
        <translation>تشغيل Workdiary عند تسجيل الدخول.</translation>
    </message>
    <message>
        <source>Not changed: {problem}.</source>
        <translation>لم يتغيّر: {problem}.</translation>
    </message>
    <message>
        <source>Tests pictures, input counts, the keyring, the tray and the connection.</source>
        <translation>يختبر الصور والأعداد وحلقة المفاتيح والعلبة والاتصال.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. Ask an administrator of this computer to correct it.</source>
        <translation>في السياسة الموجودة في {place} أخطاء. اطلب من مسؤول هذا الحاسوب تصحيحها.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. No pictures are taken until an administrator of this computer corrects it.</source>
        <translation>في السياسة الموجودة في {place} أخطاء. لا تُلتقط صور حتى يصححها مسؤول هذا الحاسوب.</translation>
    </message>
    <message>
        <source>The policy in {place} sets “{row}”. Only an administrator of this computer can change it.</source>
        <translation>تحدد السياسة الموجودة في {place} الإعداد «{row}». ولا يغيره إلا مسؤول هذا الحاسوب.</translation>
    </message>
    <message>
        <source>This desktop has no start at login.</source>
        <translation>لا يوفّر سطح المكتب هذا التشغيل عند تسجيل الدخول.</translation>
    </message>
    <message>
        <source>Start at login is unknown: {problem}.</source>
        <translation>التشغيل عند تسجيل الدخول غير معروف: {problem}.</translation>
    </message>
    <message>
        <source>The administrator of this computer requires at least {span}.</source>
        <translation>يطلب مسؤول هذا الحاسوب {span} على الأقل.</translation>
    </message>
    <message>
        <source>The checks, the settings and the log, without personal data. You see all of it before it is saved.</source>
        <translation>الفحوص والإعدادات والسجل، من دون بيانات شخصية. ترى كل ذلك قبل حفظه.</translation>
    </message>
    <message>
        <source>The desktop did not allow the shortcut.</source>
        <translation>لم يسمح سطح المكتب بالاختصار.</translation>
    </message>
    <message>
        <source>The desktop does not let Workdiary start at login.</source>
        <translation>لا يسمح سطح المكتب بتشغيل Workdiary عند تسجيل الدخول.</translation>
    </message>
    <message>
        <source>The desktop has set: {keys}</source>
        <translation>عيّن سطح المكتب: {keys}</translation>
    </message>
    <message>
        <source>The lists below could not be read. No pictures are taken until you confirm them.</source>
        <translation>تعذرت قراءة القوائم أدناه. لا تُلتقط صور حتى تؤكدها.</translation>
    </message>
    <message>
        <source>The monitor with the pointer</source>
        <translation>الشاشة التي فيها المؤشر</translation>
    </message>
    <message>
        <source>The shortcut does not work on this desktop.</source>
        <translation>لا يعمل الاختصار على سطح المكتب هذا.</translation>
    </message>
    <message>
        <source>Their windows are covered before a picture is saved, and the record notes it. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>تُغطى نوافذها قبل حفظ الصورة، ويذكر السجل ذلك. وإذا لم يبلّغ سطح المكتب عن مواقع النوافذ، كما في Wayland، فلا تُلتقط صور.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>هذا الحاسوب</translation>
    </message>
    <message>
        <source>This desktop does not offer shortcuts to programs.</source>
        <translation>لا يمنح سطح المكتب هذا البرامج اختصارات.</translation>
    </message>
    <message>
        <source>This keyboard lacks that key. Choose another one.</source>
        <translation>ليس في لوحة المفاتيح هذه ذلك المفتاح. اختر غيره.</translation>
    </message>
    <message>
        <source>Time of day</source>
        <translation>الوقت</translation>
    </message>
    <message>
        <source>Times of the reminders to start</source>
        <translation>أوقات تذكيرات البدء</translation>
    </message>
    <message>
        <source>Use Ctrl, Alt or Meta with a letter A to Z, a digit, an arrow or F1 to F24. Ctrl+Alt+F1 to F24 belong to the system.</source>
        <translation>استخدم Ctrl أو Alt أو Meta مع حرف من A إلى Z أو رقم أو سهم أو مفتاح من F1 إلى F24. والمفاتيح من Ctrl+Alt+F1 إلى F24 للنظام.</translation>
    </message>
    <message>
        <source>Use the lists as shown</source>
        <translation>استخدام القوائم كما هي معروضة</translation>
    </message>
    <message>
        <source>W&amp;indows in pictures</source>
        <translation>الن&amp;وافذ في الصور</translation>
    </message>
    <message>
        <source>When off, only the seconds with input are recorded, if the system reports them. Takes effect at the next Start.</source>
        <translation>عند الإيقاف تُسجَّل الثواني التي فيها نشاط فقط، إذا أبلغ عنها النظام. يسري من البدء التالي.</translation>
    </message>
    <message>
        <source>With “Only those listed” everything else is covered, also the desktop and a listed window that moves at that moment. The client sees that only chosen applications are shown, not which. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>مع «المدرجة فقط» يُغطى كل ما عداها، ومنه سطح المكتب ونافذة مدرجة تتحرك في تلك اللحظة. ويرى العميل أن التطبيقات المختارة وحدها تظهر، لا أسماءها. وإذا لم يبلّغ سطح المكتب عن مواقع النوافذ، كما في Wayland، فلا تُلتقط صور.</translation>
    </message>
    <message>
        <source>Works in every program. Press the keys here; Delete removes the shortcut.</source>
        <translation>يعمل في كل البرامج. اضغط المفاتيح هنا؛ ومفتاح Delete يزيل الاختصار.</translation>
    </message>
    <message>
        <source>Works only on desktops with X11 or Wayland.</source>
        <translation>يعمل فقط على أسطح المكتب ذات X11 أو Wayland.</translation>
    </message>
    <message>
        <source>e.g. 09:00</source>
        <translation>مثل 09:00</translation>
    </message>
    <message>
        <source>e.g. 1920,0 640x480</source>
        <translation>مثل ⁨1920,0 640x480⁩</translation>
    </message>
</context>
<context>
    <name>SignOut</name>
    <message numerus="yes">
        <source>%n waiting: work that cannot be uploaded now stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>
            <numerusform>لا شيء في الانتظار.</numerusform>
            <numerusform>واحد في الانتظار: ما لا يمكن إرساله الآن يبقى آمنًا على هذا الحاسوب ويُرسَل بعد دخولك التالي.</numerusform>
            <numerusform>اثنان في الانتظار: ما لا يمكن إرساله الآن يبقى آمنًا على هذا الحاسوب ويُرسَل بعد دخولك التالي.</numerusform>
            <numerusform>%n في الانتظار: ما لا يمكن إرساله الآن يبقى آمنًا على هذا الحاسوب ويُرسَل بعد دخولك التالي.</numerusform>
            <numerusform>%n في الانتظار: ما لا يمكن إرساله الآن يبقى آمنًا على هذا الحاسوب ويُرسَل بعد دخولك التالي.</numerusform>
            <numerusform>%n في الانتظار: ما لا يمكن إرساله الآن يبقى آمنًا على هذا الحاسوب ويُرسَل بعد دخولك التالي.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Sign out</source>
        <translation>تسجيل ال&amp;خروج</translation>
    </message>
    <message>
        <source>Current work is saved, pending work is uploaded, and this computer&apos;s keys are destroyed. To record here again, sign in with a new code.</source>
        <translation>يُحفظ العمل الحالي، ويُرسَل العمل المعلّق، وتُتلف مفاتيح هذا الحاسوب. للتسجيل هنا من جديد سجّل الدخول برمز جديد.</translation>
    </message>
    <message>
        <source>Sign out of {marketplace} on this computer?</source>
        <translation>هل تريد تسجيل الخروج من {marketplace} على هذا الحاسوب؟</translation>
    </message>
    <message>
        <source>Stay signed &amp;in</source>
        <translation>ال&amp;بقاء</translation>
    </message>
</context>
<context>
    <name>Span</name>
    <message numerus="yes">
        <source>%n&#xa0;days</source>
        <comment>days</comment>
        <translation>
            <numerusform>%n&#xa0;يوم</numerusform>
            <numerusform>يوم واحد</numerusform>
            <numerusform>يومين</numerusform>
            <numerusform>%n&#xa0;أيام</numerusform>
            <numerusform>%n&#xa0;يومًا</numerusform>
            <numerusform>%n&#xa0;يوم</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n&#xa0;h</source>
        <comment>hours</comment>
        <translation>
            <numerusform>%n&#xa0;س</numerusform>
            <numerusform>%n&#xa0;س</numerusform>
            <numerusform>%n&#xa0;س</numerusform>
            <numerusform>%n&#xa0;س</numerusform>
            <numerusform>%n&#xa0;س</numerusform>
            <numerusform>%n&#xa0;س</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n&#xa0;min</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n&#xa0;د</numerusform>
            <numerusform>%n&#xa0;د</numerusform>
            <numerusform>%n&#xa0;د</numerusform>
            <numerusform>%n&#xa0;د</numerusform>
            <numerusform>%n&#xa0;د</numerusform>
            <numerusform>%n&#xa0;د</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n&#xa0;s</source>
        <comment>seconds</comment>
        <translation>
            <numerusform>%n&#xa0;ث</numerusform>
            <numerusform>%n&#xa0;ث</numerusform>
            <numerusform>%n&#xa0;ث</numerusform>
            <numerusform>%n&#xa0;ث</numerusform>
            <numerusform>%n&#xa0;ث</numerusform>
            <numerusform>%n&#xa0;ث</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Support</name>
    <message numerus="yes">
        <source>%n files, {size}</source>
        <translation>
            <numerusform>لا ملفات، {size}</numerusform>
            <numerusform>ملف واحد، {size}</numerusform>
            <numerusform>ملفان، {size}</numerusform>
            <numerusform>%n ملفات، {size}</numerusform>
            <numerusform>%n ملفًا، {size}</numerusform>
            <numerusform>%n ملف، {size}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Save …</source>
        <translation>&amp;حفظ …</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>إ&amp;غلاق</translation>
    </message>
    <message>
        <source>Content of the file</source>
        <translation>محتوى الملف</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>الملفات</translation>
    </message>
    <message>
        <source>Not saved: {reason}. Choose another place.</source>
        <translation>لم يُحفظ: {reason}. اختر مكانًا آخر.</translation>
    </message>
    <message>
        <source>Report for support</source>
        <translation>تقرير للدعم</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>حفظ التقرير</translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation>حُفظ: {file}</translation>
    </message>
    <message>
        <source>The report could not be collected.</source>
        <translation>تعذّر جمع التقرير.</translation>
    </message>
    <message>
        <source>The report could not be saved.</source>
        <translation>تعذّر حفظ التقرير.</translation>
    </message>
    <message>
        <source>The report is being collected …</source>
        <translation>يجري جمع التقرير …</translation>
    </message>
    <message>
        <source>This is all that the report contains. It is saved where you choose and sent to no one.</source>
        <translation>هذا كل ما يحتويه التقرير. يُحفظ حيث تختار ولا يُرسل إلى أحد.</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Picture taken</source>
        <translation>التُقطت صورة</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Add …</source>
        <translation>إ&amp;ضافة …</translation>
    </message>
    <message>
        <source>&amp;Contract</source>
        <translation>ال&amp;عقد</translation>
    </message>
    <message>
        <source>&amp;Diary, today {today}</source>
        <translation>اليومي&amp;ات، اليوم {today}</translation>
    </message>
    <message>
        <source>&amp;Hide previews</source>
        <translation>إ&amp;خفاء المعاينات</translation>
    </message>
    <message>
        <source>&amp;Keep picture</source>
        <translation>ا&amp;حتفاظ بالصورة</translation>
    </message>
    <message>
        <source>&amp;Marketplace</source>
        <translation>المن&amp;صة</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>إن&amp;هاء</translation>
    </message>
    <message>
        <source>&amp;Show or cover …</source>
        <translation>&amp;عرض أو تغطية …</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>ت&amp;راجع عن الحذف</translation>
    </message>
    <message>
        <source>&amp;Web diary</source>
        <translation>اليوميات على ال&amp;ويب</translation>
    </message>
    <message>
        <source>Dele&amp;te picture ({cost})</source>
        <translation>ح&amp;ذف الصورة ({cost})</translation>
    </message>
    <message>
        <source>Last picture {time} …</source>
        <translation>آخر صورة {time} …</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>لا تسجيل</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>موقوف مؤقتًا</translation>
    </message>
    <message>
        <source>Paused, no input</source>
        <translation>موقوف مؤقتًا، لا نشاط</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>الصور</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>جارٍ التسجيل</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>الإ&amp;عدادات</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>تسجيل ال&amp;خروج …</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>جارٍ البدء</translation>
    </message>
    <message>
        <source>Week {week}</source>
        <translation>الأسبوع {week}</translation>
    </message>
    <message>
        <source>Week {week} of {limit}</source>
        <translation>الأسبوع {week} من {limit}</translation>
    </message>
    <message>
        <source>demo</source>
        <translation>عرض تجريبي</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>بلا اتصال</translation>
    </message>
    <message>
        <source>{time} today</source>
        <translation>{time} اليوم</translation>
    </message>
</context>
<context>
    <name>Update</name>
    <message>
        <source>Workdiary {version} is ready for the next start.</source>
        <translation>الإصدار {version} جاهز للتشغيل التالي.</translation>
    </message>
</context>
<context>
    <name>Week</name>
    <message numerus="yes">
        <source>%n checked: no errors</source>
        <comment>segments</comment>
        <translation>
            <numerusform>لم يُفحص أي مقطع</numerusform>
            <numerusform>فُحص مقطع واحد: لا أخطاء</numerusform>
            <numerusform>فُحص مقطعان: لا أخطاء</numerusform>
            <numerusform>فُحصت %n مقاطع: لا أخطاء</numerusform>
            <numerusform>فُحص %n مقطعًا: لا أخطاء</numerusform>
            <numerusform>فُحص %n مقطع: لا أخطاء</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not in the log yet: left out.</source>
        <comment>segments</comment>
        <translation>
            <numerusform>كل المقاطع في سجل الشفافية.</numerusform>
            <numerusform>مقطع واحد ليس في سجل الشفافية بعد، ولم يُدرج.</numerusform>
            <numerusform>مقطعان ليسا في سجل الشفافية بعد، ولم يُدرجا.</numerusform>
            <numerusform>%n مقاطع ليست في سجل الشفافية بعد، ولم تُدرج.</numerusform>
            <numerusform>%n مقطعًا ليست في سجل الشفافية بعد، ولم تُدرج.</numerusform>
            <numerusform>%n مقطع ليست في سجل الشفافية بعد، ولم تُدرج.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n parts are missing on this computer.</source>
        <translation>
            <numerusform>لا ينقص شيء على هذا الحاسوب.</numerusform>
            <numerusform>ينقص جزء واحد على هذا الحاسوب.</numerusform>
            <numerusform>ينقص جزآن على هذا الحاسوب.</numerusform>
            <numerusform>تنقص %n أجزاء على هذا الحاسوب.</numerusform>
            <numerusform>ينقص %n جزءًا على هذا الحاسوب.</numerusform>
            <numerusform>ينقص %n جزء على هذا الحاسوب.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of this week is in the log yet</source>
        <translation>لا شيء من هذا الأسبوع في سجل الشفافية بعد</translation>
    </message>
    <message>
        <source>Save the week&apos;s record</source>
        <translation>حفظ سجل الأسبوع</translation>
    </message>
    <message>
        <source>Saved as {file}. Anyone can check it with workdiary-verify.</source>
        <translation>حُفظ باسم {file}. يمكن لأي شخص فحصه باستخدام workdiary-verify.</translation>
    </message>
    <message>
        <source>The check found errors</source>
        <translation>وجد الفحص أخطاء</translation>
    </message>
    <message>
        <source>The week&apos;s record</source>
        <translation>سجل الأسبوع</translation>
    </message>
    <message>
        <source>The week&apos;s record could not be written</source>
        <translation>تعذّرت كتابة سجل الأسبوع</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source> memo, activity</source>
        <translation> الوصف والنشاط</translation>
    </message>
    <message>
        <source> memo, activity, picture</source>
        <translation> الوصف والنشاط والصورة</translation>
    </message>
    <message>
        <source> slot not protected</source>
        <translation> الفترة غير محمية</translation>
    </message>
    <message numerus="yes">
        <source>%n active</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n نشطة</numerusform>
            <numerusform>واحدة نشطة</numerusform>
            <numerusform>اثنتان نشطتان</numerusform>
            <numerusform>%n نشطة</numerusform>
            <numerusform>%n نشطة</numerusform>
            <numerusform>%n نشطة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>notices</comment>
        <translation>
            <numerusform>لا مزيد</numerusform>
            <numerusform>واحد آخر</numerusform>
            <numerusform>اثنان آخران</numerusform>
            <numerusform>%n أخرى</numerusform>
            <numerusform>%n أخرى</numerusform>
            <numerusform>%n أخرى</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need attention</source>
        <comment>notices</comment>
        <translation>
            <numerusform>لا شيء يحتاج إليك</numerusform>
            <numerusform>أمر واحد يحتاج إليك</numerusform>
            <numerusform>أمران يحتاجان إليك</numerusform>
            <numerusform>%n أمور تحتاج إليك</numerusform>
            <numerusform>%n أمرًا يحتاج إليك</numerusform>
            <numerusform>%n أمر يحتاج إليك</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not measured</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n غير مقيسة</numerusform>
            <numerusform>واحدة غير مقيسة</numerusform>
            <numerusform>اثنتان غير مقيستين</numerusform>
            <numerusform>%n غير مقيسة</numerusform>
            <numerusform>%n غير مقيسة</numerusform>
            <numerusform>%n غير مقيسة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not recorded</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n غير مسجلة</numerusform>
            <numerusform>واحدة غير مسجلة</numerusform>
            <numerusform>اثنتان غير مسجلتين</numerusform>
            <numerusform>%n غير مسجلة</numerusform>
            <numerusform>%n غير مسجلة</numerusform>
            <numerusform>%n غير مسجلة</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n set aside</source>
        <comment>pieces of work</comment>
        <translation>
            <numerusform>لا شيء جانبًا</numerusform>
            <numerusform>واحد وُضع جانبًا</numerusform>
            <numerusform>اثنان وُضعا جانبًا</numerusform>
            <numerusform>%n وُضعت جانبًا</numerusform>
            <numerusform>%n وُضعت جانبًا</numerusform>
            <numerusform>%n وُضعت جانبًا</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, safe on this computer</source>
        <translation>
            <numerusform>لا شيء في الانتظار</numerusform>
            <numerusform>واحد في الانتظار، آمن على هذا الحاسوب</numerusform>
            <numerusform>اثنان في الانتظار، آمنان على هذا الحاسوب</numerusform>
            <numerusform>%n في الانتظار، آمنة على هذا الحاسوب</numerusform>
            <numerusform>%n في الانتظار، آمنة على هذا الحاسوب</numerusform>
            <numerusform>%n في الانتظار، آمنة على هذا الحاسوب</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, some not on disk yet</source>
        <translation>
            <numerusform>لا شيء في الانتظار</numerusform>
            <numerusform>واحد في الانتظار، ليس كله على القرص</numerusform>
            <numerusform>اثنان في الانتظار، ليسا كلهما على القرص</numerusform>
            <numerusform>%n في الانتظار، ليست كلها على القرص</numerusform>
            <numerusform>%n في الانتظار، ليست كلها على القرص</numerusform>
            <numerusform>%n في الانتظار، ليست كلها على القرص</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without input</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n بلا نشاط</numerusform>
            <numerusform>واحدة بلا نشاط</numerusform>
            <numerusform>اثنتان بلا نشاط</numerusform>
            <numerusform>%n بلا نشاط</numerusform>
            <numerusform>%n بلا نشاط</numerusform>
            <numerusform>%n بلا نشاط</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>إل&amp;غاء</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>متابعة ك&amp;ما سبق</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>ح&amp;ذف</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>احتفا&amp;ظ</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>إيقاف &amp;مؤقت</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>ا&amp;ستئناف</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;بدء</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>إ&amp;يقاف</translation>
    </message>
    <message>
        <source>&amp;Switch contract</source>
        <translation>ت&amp;بديل العقد</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;عرض</translation>
    </message>
    <message>
        <source>&amp;View and cover</source>
        <translation>&amp;عرض وتغطية</translation>
    </message>
    <message>
        <source>Accept a contract at the marketplace first</source>
        <translation>اقبل عقدًا على المنصة أولًا</translation>
    </message>
    <message>
        <source>All sent</source>
        <translation>أُرسل كل شيء</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>العقد</translation>
    </message>
    <message>
        <source>Contracts appear here</source>
        <translation>تظهر العقود هنا</translation>
    </message>
    <message>
        <source>Current ten minutes</source>
        <translation>الدقائق العشر الحالية</translation>
    </message>
    <message numerus="yes">
        <source>Demo at %nx speed. Nothing is billed.</source>
        <translation>
            <numerusform>عرض تجريبي متوقف.</numerusform>
            <numerusform>عرض تجريبي بالسرعة العادية. لا يُحتسب شيء.</numerusform>
            <numerusform>عرض تجريبي بضعف السرعة. لا يُحتسب شيء.</numerusform>
            <numerusform>عرض تجريبي بسرعة %n أضعاف. لا يُحتسب شيء.</numerusform>
            <numerusform>عرض تجريبي بسرعة %n ضعفًا. لا يُحتسب شيء.</numerusform>
            <numerusform>عرض تجريبي بسرعة %n ضعف. لا يُحتسب شيء.</numerusform>
        </translation>
    </message>
    <message>
        <source>Demo. Nothing is billed.</source>
        <translation>عرض تجريبي. لا يُحتسب شيء.</translation>
    </message>
    <message>
        <source>Diar&amp;y</source>
        <translation>اليوميا&amp;ت</translation>
    </message>
    <message>
        <source>From now on, time counts for {client}. The time up to now stays on {current}.</source>
        <translation>من الآن يُحسب الوقت لصالح {client}. ويبقى الوقت حتى الآن على {current}.</translation>
    </message>
    <message>
        <source>Input not measured:</source>
        <translation>النشاط غير مقيس:</translation>
    </message>
    <message>
        <source>Joining the marketplace</source>
        <translation>جارٍ الربط بالمنصة</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>الوصف</translation>
    </message>
    <message>
        <source>Memos that you have used appear here</source>
        <translation>تظهر هنا الأوصاف التي استخدمتها</translation>
    </message>
    <message>
        <source>Minutes: {list}</source>
        <translation>الدقائق: {list}</translation>
    </message>
    <message>
        <source>No contract yet</source>
        <translation>لا عقد بعد</translation>
    </message>
    <message>
        <source>No input,
time does not count</source>
        <translation>لا نشاط،
الوقت غير محسوب</translation>
    </message>
    <message>
        <source>No memo yet:</source>
        <translation>لا وصف بعد:</translation>
    </message>
    <message>
        <source>No picture:</source>
        <translation>لا صورة:</translation>
    </message>
    <message>
        <source>Not ready to record</source>
        <translation>غير جاهز للتسجيل</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>لا تسجيل</translation>
    </message>
    <message>
        <source>Nothing is recorded until you resume</source>
        <translation>لا يُسجَّل شيء حتى تستأنف</translation>
    </message>
    <message>
        <source>Nothing is recorded until you start again</source>
        <translation>لا يُسجَّل شيء حتى تبدأ من جديد</translation>
    </message>
    <message>
        <source>Nothing to send yet</source>
        <translation>لا شيء للإرسال بعد</translation>
    </message>
    <message numerus="yes">
        <source>Offline, %n safe here</source>
        <translation>
            <numerusform>بلا اتصال، لا شيء ينتظر</numerusform>
            <numerusform>بلا اتصال، واحد آمن هنا</numerusform>
            <numerusform>بلا اتصال، اثنان آمنان هنا</numerusform>
            <numerusform>بلا اتصال، %n آمنة هنا</numerusform>
            <numerusform>بلا اتصال، %n آمنة هنا</numerusform>
            <numerusform>بلا اتصال، %n آمنة هنا</numerusform>
        </translation>
    </message>
    <message>
        <source>Offline, all sent</source>
        <translation>بلا اتصال، أُرسل كل شيء</translation>
    </message>
    <message>
        <source>Opening the diary</source>
        <translation>جارٍ فتح اليوميات</translation>
    </message>
    <message>
        <source>Over the limit:</source>
        <translation>فوق الحد:</translation>
    </message>
    <message>
        <source>Paused at {time},
time does not count</source>
        <translation>موقوف منذ {time}،
الوقت غير محسوب</translation>
    </message>
    <message>
        <source>Protected time has a memo, measured activity and its pictures, and is within the weekly limit.</source>
        <translation>للوقت المحمي وصف ونشاط مقيس وصوره، وهو ضمن الحد الأسبوعي.</translation>
    </message>
    <message>
        <source>Protected:</source>
        <translation>محمي:</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <translation>جاهز للبدء</translation>
    </message>
    <message>
        <source>Recent memos</source>
        <translation>الأوصاف الأخيرة</translation>
    </message>
    <message>
        <source>Recent memos (Down)</source>
        <translation>الأوصاف الأخيرة (سهم لأسفل)</translation>
    </message>
    <message>
        <source>Record on {contract} from now on?</source>
        <translation>هل تريد التسجيل على {contract} من الآن؟</translation>
    </message>
    <message>
        <source>Recording
since {time}</source>
        <translation>جارٍ التسجيل
منذ {time}</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>ع&amp;رض</translation>
    </message>
    <message>
        <source>Sent, not yet confirmed</source>
        <translation>أُرسل، لم يُؤكَّد بعد</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>الإعدادات</translation>
    </message>
    <message>
        <source>Shows what was recorded today, to change or delete it</source>
        <translation>يعرض ما سُجّل اليوم لتغييره أو حذفه</translation>
    </message>
    <message>
        <source>Signing out, uploading pending work</source>
        <translation>جارٍ تسجيل الخروج وإرسال العمل المعلّق</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>جارٍ البدء</translation>
    </message>
    <message>
        <source>This takes a few seconds at most</source>
        <translation>يستغرق بضع ثوانٍ على الأكثر</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>هذا الأسبوع</translation>
    </message>
    <message>
        <source>Today {time}</source>
        <translation>اليوم {time}</translation>
    </message>
    <message>
        <source>Try &amp;now</source>
        <translation>محاولة الآ&amp;ن</translation>
    </message>
    <message>
        <source>Waiting for the keyring. Is its dialog open?</source>
        <translation>في انتظار حلقة المفاتيح. هل حوارها مفتوح؟</translation>
    </message>
    <message>
        <source>Week {time}</source>
        <translation>الأسبوع {time}</translation>
    </message>
    <message>
        <source>Week {time} of {limit}</source>
        <translation>الأسبوع {time} من {limit}</translation>
    </message>
    <message>
        <source>Week {time} of {limit}, {left} left</source>
        <translation>الأسبوع {time} من {limit}، بقي {left}</translation>
    </message>
    <message>
        <source>What are you working on?</source>
        <translation>على ماذا تعمل؟</translation>
    </message>
    <message>
        <source>Write a memo, then press Start</source>
        <translation>اكتب وصفًا ثم اضغط «بدء»</translation>
    </message>
    <message>
        <source>{marketplace}: a demo, nothing is billed</source>
        <translation>{marketplace}: عرض تجريبي، لا يُحتسب شيء</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
</context>
</TS>
