<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Closing</name>
    <message>
        <source>Recording continues. Workdiary is in the system tray: its icon opens the window and its menu stops recording.</source>
        <translation>Die Aufzeichnung läuft weiter. Workdiary ist im Infobereich: Sein Symbol öffnet das Fenster, sein Menü beendet die Aufzeichnung.</translation>
    </message>
    <message>
        <source>Workdiary stays in the system tray. Its icon opens the window, its menu has Quit.</source>
        <translation>Workdiary bleibt im Infobereich. Sein Symbol öffnet das Fenster, in seinem Menü ist Beenden.</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>a span</comment>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tage</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Agree and start</source>
        <translation>&amp;Zustimmen und starten</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Nicht jetzt</translation>
    </message>
    <message>
        <source>Anything before Start, after Stop or while paused.</source>
        <translation>Alles vor Start, nach Stopp und während einer Pause.</translation>
    </message>
    <message>
        <source>Before you start</source>
        <translation>Bevor Sie beginnen</translation>
    </message>
    <message>
        <source>For each minute, the number of key presses, mouse clicks, scrolls and mouse movements. Never what you type.</source>
        <translation>Für jede Minute die Anzahl der Tastendrücke, Mausklicks, Bildläufe und Mausbewegungen. Nie, was Sie tippen.</translation>
    </message>
    <message>
        <source>I &amp;agree</source>
        <translation>Ich stimme &amp;zu</translation>
    </message>
    <message>
        <source>No pictures: this contract asks for none.</source>
        <translation>Keine Bilder: Dieser Vertrag verlangt keine.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: nothing, because input cannot be measured. Your time still counts.</source>
        <translation>Auf diesem Computer, wie er jetzt eingerichtet ist: nichts, weil Eingaben nicht gemessen werden können. Ihre Zeit zählt trotzdem.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: only the number of seconds with input in each minute. Key presses and clicks are not counted.</source>
        <translation>Auf diesem Computer, wie er jetzt eingerichtet ist: nur die Anzahl der Sekunden mit Eingaben in jeder Minute. Tastendrücke und Klicks werden nicht gezählt.</translation>
    </message>
    <message>
        <source>Only between Start and Stop. The icon, its tooltip and the window always show that recording is on. There is no hidden mode.</source>
        <translation>Nur zwischen Start und Stopp. Das Symbol, sein Hinweistext und das Fenster zeigen immer, dass aufgezeichnet wird. Es gibt keinen verborgenen Modus.</translation>
    </message>
    <message>
        <source>Pictures are kept for {days} after their upload. Deleting one removes its time from your bill.</source>
        <translation>Bilder werden nach der Übertragung {days} aufbewahrt. Löschen Sie eines, entfällt dessen Zeit auf Ihrer Rechnung.</translation>
    </message>
    <message numerus="yes">
        <source>Pictures of the whole screen, %n every ten minutes, at a random moment.</source>
        <comment>number of pictures</comment>
        <translation>
            <numerusform>Bilder des ganzen Bildschirms, %n in je zehn Minuten, zu einem zufälligen Zeitpunkt.</numerusform>
            <numerusform>Bilder des ganzen Bildschirms, %n in je zehn Minuten, zu zufälligen Zeitpunkten.</numerusform>
        </translation>
    </message>
    <message>
        <source>Recording stops by itself after {idle} without input, when you lock the screen, and when the computer sleeps.</source>
        <translation>Die Aufzeichnung endet von selbst nach {idle} ohne Eingaben, wenn Sie den Bildschirm sperren und wenn der Computer in den Ruhezustand geht.</translation>
    </message>
    <message>
        <source>Recording stops by itself when you lock the screen and when the computer sleeps. It cannot notice that you are away: press Stop when you leave.</source>
        <translation>Die Aufzeichnung endet von selbst, wenn Sie den Bildschirm sperren und wenn der Computer in den Ruhezustand geht. Sie kann nicht erkennen, dass Sie weg sind: Drücken Sie Stopp, wenn Sie gehen.</translation>
    </message>
    <message>
        <source>Start and end times and the number of active minutes are part of the signed record. They remain even if you delete everything else.</source>
        <translation>Beginn, Ende und die Anzahl der aktiven Minuten gehören zur signierten Aufzeichnung. Sie bleiben, auch wenn Sie alles andere löschen.</translation>
    </message>
    <message>
        <source>What is never recorded</source>
        <translation>Was nie aufgezeichnet wird</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>Was aufgezeichnet wird</translation>
    </message>
    <message>
        <source>What you type, window titles, addresses, files, sound, camera, location.</source>
        <translation>Was Sie tippen, Fenstertitel, Adressen, Dateien, Ton, Kamera, Standort.</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>When you start and stop, and the memo you write.</source>
        <translation>Wann Sie starten und stoppen, und das Memo, das Sie schreiben.</translation>
    </message>
    <message>
        <source>While you record, {client} and {marketplace} see that you are recording, and since when. Not while you are paused or stopped.</source>
        <translation>Während Sie aufzeichnen, sehen {client} und {marketplace}, dass Sie aufzeichnen und seit wann. Nicht während einer Pause und nicht nach dem Beenden.</translation>
    </message>
    <message>
        <source>Who sees it, and for how long</source>
        <translation>Wer es sieht, und wie lange</translation>
    </message>
    <message>
        <source>Workdiary records your paid work for {client}. Please read what it records. Nothing is recorded before you agree.</source>
        <translation>Workdiary zeichnet Ihre bezahlte Arbeit für {client} auf. Bitte lesen Sie, was es aufzeichnet. Vor Ihrer Zustimmung wird nichts aufgezeichnet.</translation>
    </message>
    <message>
        <source>You see each picture first. It is uploaded after {review}, unless you delete it.</source>
        <translation>Sie sehen jedes Bild zuerst. Nach {review} wird es übertragen, wenn Sie es nicht löschen.</translation>
    </message>
    <message>
        <source>{client}, the people who review for them, and {marketplace}. You see all that they see, and who viewed which picture.</source>
        <translation>{client}, die Personen, die dort prüfen, und {marketplace}. Sie sehen alles, was diese sehen, und wer welches Bild angesehen hat.</translation>
    </message>
</context>
<context>
    <name>Data</name>
    <message numerus="yes">
        <source>%n changes of memos and deletions have not reached the marketplace either.</source>
        <translation>
            <numerusform>Auch %n Änderung eines Memos oder Löschung hat den Marktplatz nicht erreicht.</numerusform>
            <numerusform>Auch %n Änderungen von Memos und Löschungen haben den Marktplatz nicht erreicht.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting, {size}. Safe on this computer.</source>
        <translation>
            <numerusform>%n Eintrag wartet, {size}. Auf diesem Computer sicher.</numerusform>
            <numerusform>%n Einträge warten, {size}. Auf diesem Computer sicher.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings ended unexpectedly and are not saved yet. Their time is lost too.</source>
        <translation>
            <numerusform>%n Aufzeichnung endete unerwartet und ist noch nicht gespeichert. Auch ihre Zeit geht verloren.</numerusform>
            <numerusform>%n Aufzeichnungen endeten unerwartet und sind noch nicht gespeichert. Auch ihre Zeit geht verloren.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Delete it</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>&amp;Delete the diary</source>
        <translation>Tagebuch &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;Delete …</source>
        <translation>&amp;Löschen …</translation>
    </message>
    <message>
        <source>&amp;Delete, lose {length}</source>
        <translation>&amp;Löschen, {length} verlieren</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>&amp;Limit for pending pictures</source>
        <translation>&amp;Grenze für wartende Bilder</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>Ordner ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Sign out and delete</source>
        <translation>Abmelden und &amp;löschen</translation>
    </message>
    <message>
        <source>Asks first. What was uploaded remains at the marketplace.</source>
        <translation>Fragt vorher. Übertragenes bleibt auf dem Marktplatz.</translation>
    </message>
    <message>
        <source>At the marketplace, everything that was uploaded remains as it is, with its hours and pictures. Your settings and the program&apos;s log remain on this computer.</source>
        <translation>Auf dem Marktplatz bleibt alles Übertragene, wie es ist, mit Stunden und Bildern. Ihre Einstellungen und das Protokoll des Programms bleiben auf diesem Computer.</translation>
    </message>
    <message>
        <source>At this limit recording stops. Nothing is lost; start again after the upload.</source>
        <translation>An dieser Grenze stoppt die Aufzeichnung. Nichts geht verloren; starten Sie nach der Übertragung wieder.</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Delete the diary on this computer</source>
        <translation>Tagebuch auf diesem Computer löschen</translation>
    </message>
    <message>
        <source>Delete the diary on this computer?</source>
        <translation>Tagebuch auf diesem Computer löschen?</translation>
    </message>
    <message>
        <source>Deleted on this computer ({size}): the recorded time, memos and pictures of {marketplace}, and the receipts that prove your hours. To keep a proof, first save the record of each week in your diary.</source>
        <translation>Auf diesem Computer wird gelöscht ({size}): die aufgezeichnete Zeit, Memos und Bilder von {marketplace} und die Quittungen, die Ihre Stunden beweisen. Um einen Beweis zu behalten, speichern Sie vorher im Tagebuch die Aufzeichnung jeder Woche.</translation>
    </message>
    <message>
        <source>It covers {marketplace} only.</source>
        <translation>Es betrifft nur {marketplace}.</translation>
    </message>
    <message>
        <source>Nothing was deleted. Your work is kept.</source>
        <translation>Nichts wurde gelöscht. Ihre Arbeit bleibt erhalten.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>Stoppen Sie zuerst die Aufzeichnung.</translation>
    </message>
    <message numerus="yes">
        <source>The marketplace refused %n entries.</source>
        <translation>
            <numerusform>Der Marktplatz hat %n Eintrag abgelehnt.</numerusform>
            <numerusform>Der Marktplatz hat %n Einträge abgelehnt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted work cannot be recovered. If you keep it, it stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>Gelöschte Arbeit kann nicht wiederhergestellt werden. Wenn Sie sie behalten, bleibt sie auf diesem Computer sicher und wird nach Ihrer nächsten Anmeldung übertragen.</translation>
    </message>
    <message>
        <source>Deleted. What was uploaded remains at the marketplace.</source>
        <translation>Gelöscht. Übertragenes bleibt auf dem Marktplatz.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>It takes {size}.</source>
        <translation>Er belegt {size}.</translation>
    </message>
    <message>
        <source>Its size is being computed …</source>
        <translation>Seine Größe wird berechnet …</translation>
    </message>
    <message>
        <source>Not possible now: the diary is not open.</source>
        <translation>Jetzt nicht möglich: Das Tagebuch ist nicht geöffnet.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>Nichts wartet.</translation>
    </message>
    <message>
        <source>Nothing was deleted. {reason}</source>
        <translation>Nichts wurde gelöscht. {reason}</translation>
    </message>
    <message>
        <source>Pending uploads</source>
        <translation>Wartende Übertragungen</translation>
    </message>
    <message>
        <source>Signing out and uploading pending work …</source>
        <translation>Abmeldung, wartende Arbeit wird übertragen …</translation>
    </message>
    <message>
        <source>Some of your work is not uploaded. Delete it?</source>
        <translation>Ein Teil Ihrer Arbeit ist nicht übertragen. Löschen?</translation>
    </message>
    <message>
        <source>The folder cannot be read.</source>
        <translation>Der Ordner ist nicht lesbar.</translation>
    </message>
    <message>
        <source>There is no diary here to delete.</source>
        <translation>Hier gibt es kein Tagebuch zu löschen.</translation>
    </message>
    <message>
        <source>They are being counted …</source>
        <translation>Sie werden gezählt …</translation>
    </message>
    <message>
        <source>This computer is signed out first, and pending work is uploaded. Work that cannot be uploaded is only deleted after you confirm that too.</source>
        <translation>Dieser Computer wird zuerst abgemeldet, und wartende Arbeit wird übertragen. Arbeit, die sich nicht übertragen lässt, wird nur gelöscht, wenn Sie auch das bestätigen.</translation>
    </message>
    <message>
        <source>{length} of work is neither uploaded nor paid. Delete it?</source>
        <translation>{length} Arbeit sind weder übertragen noch bezahlt. Löschen?</translation>
    </message>
    <message>
        <source>{marketplace}: {pending}</source>
        <translation>{marketplace}: {pending}</translation>
    </message>
    <message>
        <source>{number}&#xa0;GB</source>
        <translation>{number}&#xa0;GB</translation>
    </message>
    <message>
        <source>{number}&#xa0;MB</source>
        <translation>{number}&#xa0;MB</translation>
    </message>
    <message>
        <source>{number}&#xa0;kB</source>
        <translation>{number}&#xa0;kB</translation>
    </message>
</context>
<context>
    <name>Day</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Change memo …</source>
        <translation>Memo &amp;ändern …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>&amp;Open web diary</source>
        <translation>&amp;Web-Tagebuch öffnen</translation>
    </message>
    <message>
        <source>&amp;Remove {length}</source>
        <translation>{length} &amp;entfernen</translation>
    </message>
    <message>
        <source>&amp;Send again</source>
        <translation>Erneut &amp;senden</translation>
    </message>
    <message>
        <source>&amp;Who viewed my pictures</source>
        <translation>Wer meine &amp;Bilder angesehen hat</translation>
    </message>
    <message>
        <source>Activity counts deleted</source>
        <translation>Aktivitätszahlen gelöscht</translation>
    </message>
    <message numerus="yes">
        <source>%n clicks</source>
        <translation>
            <numerusform>%n Klick</numerusform>
            <numerusform>%n Klicks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys</source>
        <translation>
            <numerusform>%n Taste</numerusform>
            <numerusform>%n Tasten</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Back to the day</source>
        <translation>&amp;Zurück zum Tag</translation>
    </message>
    <message>
        <source>&amp;Check the week&apos;s record now</source>
        <translation>&amp;Aufzeichnung der Woche jetzt prüfen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Delete (removes {length})</source>
        <translation>&amp;Löschen (entfernt {length})</translation>
    </message>
    <message>
        <source>&amp;Delete the picture (its time stays as it is)</source>
        <translation>Bild &amp;löschen (seine Zeit bleibt, wie sie ist)</translation>
    </message>
    <message>
        <source>&amp;Save memo</source>
        <translation>Memo &amp;speichern</translation>
    </message>
    <message>
        <source>&amp;Save the week&apos;s record …</source>
        <translation>Aufzeichnung der Woche &amp;speichern …</translation>
    </message>
    <message>
        <source>&amp;Today</source>
        <translation>&amp;Heute</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Undo (%n&#xa0;s)</source>
        <translation>
            <numerusform>&amp;Rückgängig (%n&#xa0;s)</numerusform>
            <numerusform>&amp;Rückgängig (%n&#xa0;s)</numerusform>
        </translation>
    </message>
    <message>
        <source>A picture was due and could not be taken</source>
        <translation>Ein fälliges Bild konnte nicht aufgenommen werden</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>Activity of each minute</source>
        <translation>Aktivität jeder Minute</translation>
    </message>
    <message>
        <source>Add m&amp;anual time</source>
        <translation>Zeit von Hand &amp;eintragen</translation>
    </message>
    <message>
        <source>Add time that was not recorded</source>
        <translation>Nicht aufgezeichnete Zeit eintragen</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>Alle Verträge</translation>
    </message>
    <message>
        <source>All covered</source>
        <translation>Ganz abgedeckt</translation>
    </message>
    <message>
        <source>Automatic, memo, activity, within the limit</source>
        <translation>Automatisch, Memo, Aktivität, innerhalb des Limits</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>Vertrag</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>Abgedeckt</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>Delete &amp;memo …</source>
        <translation>&amp;Memo löschen …</translation>
    </message>
    <message>
        <source>Delete &amp;picture and its time …</source>
        <translation>&amp;Bild und seine Zeit löschen …</translation>
    </message>
    <message>
        <source>Delete &amp;picture …</source>
        <translation>&amp;Bild löschen …</translation>
    </message>
    <message>
        <source>Delete activity cou&amp;nts …</source>
        <translation>Aktivitäts&amp;zahlen löschen …</translation>
    </message>
    <message>
        <source>Delete the activity counts of this time?</source>
        <translation>Die Aktivitätszahlen dieser Zeit löschen?</translation>
    </message>
    <message>
        <source>Delete this memo?</source>
        <translation>Dieses Memo löschen?</translation>
    </message>
    <message>
        <source>Delete this picture and its time?</source>
        <translation>Dieses Bild und seine Zeit löschen?</translation>
    </message>
    <message>
        <source>Delete this picture?</source>
        <translation>Dieses Bild löschen?</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Gelöscht</translation>
    </message>
    <message>
        <source>Diary</source>
        <translation>Tagebuch</translation>
    </message>
    <message>
        <source>Edit &amp;memo</source>
        <translation>&amp;Memo bearbeiten</translation>
    </message>
    <message>
        <source>Entered manually</source>
        <translation>Von Hand eingetragen</translation>
    </message>
    <message>
        <source>Entered manually, not recorded</source>
        <translation>Von Hand eingetragen, nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>Leerlauf</translation>
    </message>
    <message>
        <source>Idle time has no picture</source>
        <translation>Leerlauf hat kein Bild</translation>
    </message>
    <message>
        <source>Idle time that you kept</source>
        <translation>Leerlauf, den Sie behalten haben</translation>
    </message>
    <message>
        <source>Idle, kept</source>
        <translation>Leerlauf</translation>
    </message>
    <message>
        <source>Input is not measured</source>
        <translation>Eingaben werden nicht gemessen</translation>
    </message>
    <message>
        <source>Input was not measured</source>
        <translation>Eingaben wurden nicht gemessen</translation>
    </message>
    <message>
        <source>It counts once it is in the log</source>
        <translation>Es zählt, sobald es im Log ist</translation>
    </message>
    <message>
        <source>It has no memo</source>
        <translation>Es hat kein Memo</translation>
    </message>
    <message>
        <source>It is over the weekly limit</source>
        <translation>Es liegt über dem Wochenlimit</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>Das Bild wird geladen …</translation>
    </message>
    <message>
        <source>Log entry {number}, received {when}</source>
        <translation>Log-Eintrag {number}, empfangen {when}</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>Memo</translation>
    </message>
    <message>
        <source>Memo changed. The earlier memo stays visible.</source>
        <translation>Memo geändert. Das frühere Memo bleibt sichtbar.</translation>
    </message>
    <message>
        <source>Memo, activity, within the limit so far</source>
        <translation>Memo, Aktivität, bisher innerhalb des Limits</translation>
    </message>
    <message>
        <source>More actions on this time</source>
        <translation>Weitere Aktionen für diese Zeit</translation>
    </message>
    <message>
        <source>New memo</source>
        <translation>Neues Memo</translation>
    </message>
    <message>
        <source>No memo</source>
        <comment>in a small slot</comment>
        <translation>Kein Memo</translation>
    </message>
    <message>
        <source>Nobody has viewed this picture yet.</source>
        <translation>Noch niemand hat dieses Bild angesehen.</translation>
    </message>
    <message>
        <source>Not known on this computer</source>
        <translation>Hier nicht bekannt</translation>
    </message>
    <message>
        <source>Other computer</source>
        <comment>in a small slot</comment>
        <translation>Anderer Computer</translation>
    </message>
    <message>
        <source>Question</source>
        <comment>in a small slot</comment>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Recorded on another computer</source>
        <translation>Auf anderem Computer erfasst</translation>
    </message>
    <message>
        <source>Save or check the week&apos;s record</source>
        <translation>Aufzeichnung der Woche speichern oder prüfen</translation>
    </message>
    <message>
        <source>Screen locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Screenshots blocked</source>
        <translation>Bilder gesperrt</translation>
    </message>
    <message>
        <source>Set aside</source>
        <comment>in a small slot</comment>
        <translation>Beiseite</translation>
    </message>
    <message>
        <source>Such questions change no payment. The client sees them once the week is locked; a memo can answer them in advance.</source>
        <translation>Solche Fragen ändern keine Zahlung. Der Auftraggeber sieht sie, sobald die Woche gesperrt ist; ein Memo kann sie im Voraus beantworten.</translation>
    </message>
    <message>
        <source>The client may ask: did a program make most of this input? Remote control, accessibility tools and macros do that.</source>
        <translation>Der Auftraggeber könnte fragen: Hat ein Programm die meisten dieser Eingaben erzeugt? Fernsteuerung, Bedienungshilfen und Makros tun das.</translation>
    </message>
    <message>
        <source>The client may ask: was this work on another screen? The pictures are identical while there was much input.</source>
        <translation>Der Auftraggeber könnte fragen: Fand diese Arbeit auf einem anderen Bildschirm statt? Die Bilder sind identisch, während es viele Eingaben gab.</translation>
    </message>
    <message>
        <source>The client may ask: why is this input so regular? A game pad, a drawing tablet or a held key can do that.</source>
        <translation>Der Auftraggeber könnte fragen: Warum sind diese Eingaben so gleichmäßig? Ein Gamepad, ein Zeichentablett oder eine gehaltene Taste kann das bewirken.</translation>
    </message>
    <message>
        <source>The list of views cannot be read now.</source>
        <translation>Die Liste der Aufrufe ist gerade nicht lesbar.</translation>
    </message>
    <message>
        <source>The page in the browser shows all views.</source>
        <translation>Die Seite im Browser zeigt alle Aufrufe.</translation>
    </message>
    <message>
        <source>The page in the browser shows it.</source>
        <translation>Die Seite im Browser zeigt es.</translation>
    </message>
    <message>
        <source>The week can be changed until {when}</source>
        <translation>Die Woche ist bis {when} änderbar</translation>
    </message>
    <message>
        <source>This computer has no picture of this time.</source>
        <translation>Dieser Computer hat kein Bild von dieser Zeit.</translation>
    </message>
    <message>
        <source>Unmeasured</source>
        <translation>Ohne Daten</translation>
    </message>
    <message>
        <source>Unpaid</source>
        <translation>Unbezahlt</translation>
    </message>
    <message>
        <source>Unprotected</source>
        <translation>Ungeschützt</translation>
    </message>
    <message>
        <source>Uploaded</source>
        <translation>Übertragen</translation>
    </message>
    <message>
        <source>Uploaded, picture waiting</source>
        <translation>Übertragen, das Bild wartet</translation>
    </message>
    <message>
        <source>View &amp;full size</source>
        <translation>In &amp;voller Größe ansehen</translation>
    </message>
    <message>
        <source>Viewed by you, last {when}</source>
        <translation>Von Ihnen angesehen, zuletzt {when}</translation>
    </message>
    <message>
        <source>Viewed by {name}, last {when}</source>
        <translation>Von {name} angesehen, zuletzt {when}</translation>
    </message>
    <message>
        <source>W&amp;eek</source>
        <translation>Wo&amp;che</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Waiting on this computer</source>
        <translation>Wartet auf diesem Computer</translation>
    </message>
    <message>
        <source>Weeks begin on Monday at midnight UTC</source>
        <translation>Wochen beginnen montags um Mitternacht UTC</translation>
    </message>
    <message>
        <source>Will be protected</source>
        <translation>Wird geschützt</translation>
    </message>
    <message>
        <source>You removed this time from your bill</source>
        <translation>Sie haben diese Zeit von Ihrer Rechnung entfernt</translation>
    </message>
    <message>
        <source>activity {level} of 10</source>
        <translation>Aktivität {level} von 10</translation>
    </message>
    <message>
        <source>its week</source>
        <translation>dessen Woche</translation>
    </message>
    <message>
        <source>minute {number}: no input</source>
        <translation>Minute {number}: keine Eingaben</translation>
    </message>
    <message>
        <source>minute {number}: not measured</source>
        <translation>Minute {number}: nicht gemessen</translation>
    </message>
    <message>
        <source>minute {number}: not recorded</source>
        <translation>Minute {number}: nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>minute {number}: {total} actions</source>
        <translation>Minute {number}: {total} Aktionen</translation>
    </message>
    <message>
        <source>not protected</source>
        <translation>nicht geschützt</translation>
    </message>
    <message>
        <source>of {limit}</source>
        <translation>von {limit}</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>recording now</source>
        <translation>Aufzeichnung läuft</translation>
    </message>
    <message>
        <source>this day</source>
        <translation>dieser Tag</translation>
    </message>
    <message>
        <source>this week</source>
        <translation>diese Woche</translation>
    </message>
    <message>
        <source>today</source>
        <translation>heute</translation>
    </message>
    <message>
        <source>{length} are unpaid.</source>
        <translation>{length} sind unbezahlt.</translation>
    </message>
    <message>
        <source>{length} unpaid</source>
        <translation>{length} unbezahlt</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
    <message>
        <source>{start}–{end}, part {number} of {count}</source>
        <translation>{start}–{end}, Teil {number} von {count}</translation>
    </message>
    <message>
        <source>{start}–{end}: no time recorded</source>
        <translation>{start}–{end}: keine Zeit erfasst</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace, with its earlier versions. The time remains paid, but without a memo it is not protected.</source>
        <translation>Es wird hier und beim Marktplatz mit seinen früheren Fassungen gelöscht. Die Zeit bleibt bezahlt, ist aber ohne Memo nicht geschützt.</translation>
    </message>
    <message>
        <source>Deleting</source>
        <comment>in a small slot</comment>
        <translation>Löscht</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. The week is locked, so its time remains paid.</source>
        <translation>Es wird hier und beim Marktplatz gelöscht. Die Woche ist abgeschlossen, deshalb bleibt seine Zeit bezahlt.</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. {length} of paid time are removed.</source>
        <translation>Es wird hier und beim Marktplatz gelöscht. {length} bezahlte Zeit entfallen.</translation>
    </message>
    <message>
        <source>Memo deleted</source>
        <translation>Memo gelöscht</translation>
    </message>
    <message>
        <source>Next day</source>
        <translation>Nächster Tag</translation>
    </message>
    <message>
        <source>Next part of this slot</source>
        <translation>Nächster Teil dieses Zeitabschnitts</translation>
    </message>
    <message>
        <source>No entries yet today. A new one appears every ten minutes of work.</source>
        <translation>Heute noch keine Einträge. Alle zehn Minuten Arbeit erscheint ein neuer.</translation>
    </message>
    <message>
        <source>No memo</source>
        <translation>Kein Memo</translation>
    </message>
    <message>
        <source>No memo yet: this slot will not be protected</source>
        <translation>Noch kein Memo: Dieser Zeitabschnitt wird nicht geschützt</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>No picture due</source>
        <translation>Kein Bild fällig</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Noch kein Bild</translation>
    </message>
    <message>
        <source>No random picture time covers it</source>
        <translation>Kein zufälliger Bildzeitpunkt deckt es ab</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>Nicht gemessen</translation>
    </message>
    <message>
        <source>Not protected</source>
        <translation>Ungeschützt</translation>
    </message>
    <message>
        <source>Not protected yet</source>
        <translation>Noch nicht geschützt</translation>
    </message>
    <message>
        <source>Over limit</source>
        <translation>Über Limit</translation>
    </message>
    <message>
        <source>Over the weekly limit</source>
        <translation>Über dem Wochenlimit</translation>
    </message>
    <message>
        <source>Picture deleted</source>
        <translation>Bild gelöscht</translation>
    </message>
    <message>
        <source>Picture failed</source>
        <translation>Bild fehlgeschlagen</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>Bild von {time}</translation>
    </message>
    <message>
        <source>Picture taken {time}, partly covered</source>
        <translation>Bild von {time}, teils abgedeckt</translation>
    </message>
    <message>
        <source>Previous day</source>
        <translation>Vorheriger Tag</translation>
    </message>
    <message>
        <source>Previous part of this slot</source>
        <translation>Vorheriger Teil dieses Zeitabschnitts</translation>
    </message>
    <message>
        <source>Protected</source>
        <translation>Geschützt</translation>
    </message>
    <message>
        <source>Reason: {note}</source>
        <translation>Grund: {note}</translation>
    </message>
    <message>
        <source>Receipted</source>
        <translation>Quittiert</translation>
    </message>
    <message>
        <source>Receipted and logged</source>
        <translation>Quittiert und im Log</translation>
    </message>
    <message>
        <source>Receipted {time}, logged</source>
        <translation>Quittiert {time}, im Log</translation>
    </message>
    <message>
        <source>Recording now</source>
        <translation>Aufzeichnung läuft</translation>
    </message>
    <message>
        <source>Recording now, part {number} of {count}</source>
        <translation>Aufzeichnung läuft, Teil {number} von {count}</translation>
    </message>
    <message>
        <source>Refused: {reason}</source>
        <translation>Abgelehnt: {reason}</translation>
    </message>
    <message>
        <source>Remove this &amp;time from my bill …</source>
        <translation>Diese &amp;Zeit von meiner Rechnung entfernen …</translation>
    </message>
    <message>
        <source>Remove this time from your bill?</source>
        <translation>Diese Zeit von Ihrer Rechnung entfernen?</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Beiseitegelegt</translation>
    </message>
    <message>
        <source>Show the first such slot</source>
        <translation>Den ersten solchen Zeitabschnitt zeigen</translation>
    </message>
    <message>
        <source>The earlier memo stays visible.</source>
        <translation>Das frühere Memo bleibt sichtbar.</translation>
    </message>
    <message>
        <source>The marketplace does not count it</source>
        <translation>Der Marktplatz zählt es nicht</translation>
    </message>
    <message>
        <source>The numbers of key presses and clicks are erased here and at the marketplace. The time remains paid.</source>
        <translation>Die Anzahlen der Tastendrücke und Klicks werden hier und beim Marktplatz gelöscht. Die Zeit bleibt bezahlt.</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>Das Bild ist nicht mehr auf diesem Computer.</translation>
    </message>
    <message>
        <source>The record keeps that you worked from {time}, the number of minutes with input, and that you deleted something.</source>
        <translation>In der Aufzeichnung bleibt, dass Sie ab {time} gearbeitet haben, die Anzahl der Minuten mit Eingaben, und dass Sie etwas gelöscht haben.</translation>
    </message>
    <message>
        <source>The week is locked since {when}</source>
        <translation>Die Woche ist seit {when} abgeschlossen</translation>
    </message>
    <message>
        <source>This computer recorded nothing on this day.</source>
        <translation>Dieser Computer hat an diesem Tag nichts aufgezeichnet.</translation>
    </message>
    <message>
        <source>Unpaid: {reason}</source>
        <translation>Unbezahlt: {reason}</translation>
    </message>
    <message>
        <source>{length} will no longer count. The picture and the memo stay.</source>
        <translation>{length} zählen nicht mehr. Bild und Memo bleiben.</translation>
    </message>
    <message>
        <source>{level} of 10 min</source>
        <translation>{level} von 10 min</translation>
    </message>
    <message>
        <source>{level} of 10 min so far</source>
        <translation>Bisher {level} von 10 min</translation>
    </message>
    <message>
        <source>{number} of 10 min</source>
        <translation>{number} von 10 min</translation>
    </message>
    <message>
        <source>{start} to {end}</source>
        <translation>{start} bis {end}</translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>&amp;No, show my devices</source>
        <translation>&amp;Nein, meine Geräte zeigen</translation>
    </message>
    <message>
        <source>&amp;Yes, it is mine</source>
        <translation>&amp;Ja, es ist meins</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>Ein neues Gerät hat sich bei Ihrem Konto angemeldet. Ist es Ihres?</translation>
    </message>
    <message>
        <source>{name}, since {when}. If it is yours, this computer confirms that. If not, open your devices page and stop it there.</source>
        <translation>{name}, seit {when}. Ist es Ihres, bestätigt dieser Computer das. Wenn nicht, öffnen Sie Ihre Geräteseite und sperren Sie es dort.</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>&amp;Check again</source>
        <translation>&amp;Erneut prüfen</translation>
    </message>
    <message>
        <source>A Wayland session.</source>
        <translation>Eine Wayland-Sitzung.</translation>
    </message>
    <message>
        <source>A Windows session.</source>
        <translation>Eine Windows-Sitzung.</translation>
    </message>
    <message>
        <source>A better method failed: {detail}.</source>
        <translation>Ein besseres Verfahren ist fehlgeschlagen: {detail}.</translation>
    </message>
    <message>
        <source>A clock cannot be read: {detail}. Time cannot be counted without it.</source>
        <translation>Eine Uhr ist nicht lesbar: {detail}. Ohne sie kann keine Zeit gezählt werden.</translation>
    </message>
    <message>
        <source>A keyring for this computer&apos;s keys was found.</source>
        <translation>Ein Schlüsselbund für die Schlüssel dieses Computers wurde gefunden.</translation>
    </message>
    <message>
        <source>A macOS session.</source>
        <translation>Eine macOS-Sitzung.</translation>
    </message>
    <message>
        <source>A test lock in {folder} failed. Check the drive.</source>
        <translation>Eine Probesperre in {folder} ist fehlgeschlagen. Prüfen Sie das Laufwerk.</translation>
    </message>
    <message>
        <source>A test screenshot failed: {detail}. Work can be recorded; the record states why it has no picture.</source>
        <translation>Eine Probeaufnahme des Bildschirms ist fehlgeschlagen: {detail}. Arbeit kann erfasst werden; die Aufzeichnung nennt den Grund für das fehlende Bild.</translation>
    </message>
    <message>
        <source>An X11 session.</source>
        <translation>Eine X11-Sitzung.</translation>
    </message>
    <message>
        <source>Cannot be detected while input is not measured. Press Stop when you leave.</source>
        <translation>Kann nicht erkannt werden, solange Eingaben nicht gemessen werden. Drücken Sie Stopp, wenn Sie gehen.</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Wird geprüft …</translation>
    </message>
    <message>
        <source>Clocks</source>
        <translation>Uhren</translation>
    </message>
    <message>
        <source>Clocks are readable.</source>
        <translation>Die Uhren sind lesbar.</translation>
    </message>
    <message>
        <source>Counting is switched off in the settings. Only the seconds with input are recorded.</source>
        <translation>Das Zählen ist in den Einstellungen ausgeschaltet. Nur die Sekunden mit Eingaben werden erfasst.</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Desktop</translation>
    </message>
    <message>
        <source>Detected from missing input.</source>
        <translation>Wird an fehlenden Eingaben erkannt.</translation>
    </message>
    <message>
        <source>GNOME on Wayland does not allow input counts; only seconds with activity are recorded.</source>
        <translation>GNOME unter Wayland erlaubt kein Zählen von Eingaben; nur Sekunden mit Aktivität werden erfasst.</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>Leerlauf</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingaben</translation>
    </message>
    <message>
        <source>Input cannot be measured: {detail}. Your time still counts; the record notes that activity was not measured.</source>
        <translation>Eingaben können nicht gemessen werden: {detail}. Ihre Zeit zählt trotzdem; die Aufzeichnung vermerkt, dass die Aktivität nicht gemessen wurde.</translation>
    </message>
    <message>
        <source>Input is counted at the X server (XInput2).</source>
        <translation>Eingaben werden am X-Server gezählt (XInput2).</translation>
    </message>
    <message>
        <source>Input is counted at the X server.</source>
        <translation>Eingaben werden am X-Server gezählt.</translation>
    </message>
    <message>
        <source>Input is counted through Windows.</source>
        <translation>Eingaben werden über Windows gezählt.</translation>
    </message>
    <message>
        <source>Input is counted through macOS.</source>
        <translation>Eingaben werden über macOS gezählt.</translation>
    </message>
    <message>
        <source>Keyring</source>
        <translation>Schlüsselbund</translation>
    </message>
    <message>
        <source>Lock and sleep</source>
        <translation>Sperre und Ruhezustand</translation>
    </message>
    <message>
        <source>Marketplace</source>
        <translation>Marktplatz</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Handlungsbedarf</translation>
    </message>
    <message numerus="yes">
        <source>Needs attention: %n</source>
        <comment>a number of lines</comment>
        <translation>
            <numerusform>Handlungsbedarf: %n</numerusform>
            <numerusform>Handlungsbedarf: %n</numerusform>
        </translation>
    </message>
    <message>
        <source>No desktop session found. Start Workdiary in one, or set DISPLAY or WAYLAND_DISPLAY.</source>
        <translation>Keine Desktop-Sitzung gefunden. Starten Sie Workdiary in einer, oder setzen Sie DISPLAY oder WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>Kein Desktop: Weder DISPLAY noch WAYLAND_DISPLAY ist gesetzt.</translation>
    </message>
    <message>
        <source>No keyring found, and the keys are stored only in a keyring. Install GNOME Keyring or KWallet, then log in again.</source>
        <translation>Kein Schlüsselbund gefunden; die Schlüssel werden nur in einem Schlüsselbund gespeichert. Installieren Sie GNOME Keyring oder KWallet, und melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>No screen: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>Kein Bildschirm: Weder DISPLAY noch WAYLAND_DISPLAY ist gesetzt.</translation>
    </message>
    <message>
        <source>No session bus (D-Bus) found. Notifications and the keyring need it. Start Workdiary from the desktop.</source>
        <translation>Kein Sitzungsbus (D-Bus) gefunden. Benachrichtigungen und Schlüsselbund brauchen ihn. Starten Sie Workdiary vom Desktop aus.</translation>
    </message>
    <message>
        <source>No system tray found; use the window instead of the icon. On GNOME, the AppIndicator extension adds a tray.</source>
        <translation>Kein Infobereich gefunden; verwenden Sie das Fenster statt des Symbols. Unter GNOME ergänzt die Erweiterung AppIndicator einen Infobereich.</translation>
    </message>
    <message>
        <source>Nothing needs attention.</source>
        <translation>Kein Handlungsbedarf.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Only {free} GB are free on the disk of {folder}. Free some space before you record.</source>
        <translation>Auf dem Datenträger von {folder} sind nur {free} GB frei. Schaffen Sie Platz, bevor Sie aufzeichnen.</translation>
    </message>
    <message>
        <source>Open the system settings</source>
        <translation>Systemeinstellungen öffnen</translation>
    </message>
    <message>
        <source>Provided by the system.</source>
        <translation>Teil des Systems.</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Pictures are taken from the X server.</source>
        <translation>Bilder werden vom X-Server aufgenommen.</translation>
    </message>
    <message>
        <source>Pictures are taken through Windows.</source>
        <translation>Bilder werden über Windows aufgenommen.</translation>
    </message>
    <message>
        <source>Pictures are taken through macOS.</source>
        <translation>Bilder werden über macOS aufgenommen.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s portal, which may ask you once.</source>
        <translation>Bilder werden über das Portal des Desktops aufgenommen, das Sie vielleicht einmal fragt.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s screen cast portal, one frame at a time; it asks you once, and may briefly show that the screen is being recorded.</source>
        <translation>Bilder werden über das Portal des Desktops für Bildschirmübertragungen aufgenommen, jeweils ein Einzelbild; es fragt Sie einmal und zeigt vielleicht kurz an, dass der Bildschirm aufgezeichnet wird.</translation>
    </message>
    <message>
        <source>Sleep is detected by the clocks afterwards and is not counted. A locked screen is not detected: press Stop before you lock it.</source>
        <translation>Ein Ruhezustand wird nachträglich an den Uhren erkannt und nicht gezählt. Ein gesperrter Bildschirm wird nicht erkannt: Drücken Sie Stopp, bevor Sie ihn sperren.</translation>
    </message>
    <message>
        <source>State folder</source>
        <translation>Datenordner</translation>
    </message>
    <message>
        <source>System tray found.</source>
        <translation>Infobereich gefunden.</translation>
    </message>
    <message>
        <source>The check itself failed. The reason is in the log.</source>
        <translation>Die Prüfung selbst ist gescheitert. Den Grund nennt das Protokoll.</translation>
    </message>
    <message>
        <source>The compositor reports activity per second; keys and clicks are not counted.</source>
        <translation>Der Compositor meldet Aktivität je Sekunde; Tasten und Klicks werden nicht gezählt.</translation>
    </message>
    <message>
        <source>The desktop reports when it is locked.</source>
        <translation>Der Desktop meldet, wenn er gesperrt wird.</translation>
    </message>
    <message>
        <source>The desktop shows no notifications. Workdiary shows messages in its own windows.</source>
        <translation>Der Desktop zeigt keine Benachrichtigungen. Workdiary zeigt Meldungen in seinen eigenen Fenstern.</translation>
    </message>
    <message>
        <source>The desktop shows notifications.</source>
        <translation>Der Desktop zeigt Benachrichtigungen.</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot hold a database (SQLite). Choose a folder on another drive (--base-dir).</source>
        <translation>Das Laufwerk von {folder} eignet sich nicht für eine Datenbank (SQLite). Wählen Sie einen Ordner auf einem anderen Laufwerk (--base-dir).</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot lock files, so two programs could write to one diary. Choose a folder on another drive (--base-dir).</source>
        <translation>Das Laufwerk von {folder} kann keine Dateien sperren, sodass zwei Programme in ein Tagebuch schreiben könnten. Wählen Sie einen Ordner auf einem anderen Laufwerk (--base-dir).</translation>
    </message>
    <message>
        <source>The keyring did not answer. It may be waiting for you in a dialog.</source>
        <translation>Der Schlüsselbund hat nicht geantwortet. Vielleicht wartet ein Dialog auf Ihre Eingabe.</translation>
    </message>
    <message>
        <source>The proxy {detail} did not connect to {name}. Ask the network&apos;s administrator whether the proxy allows the marketplace.</source>
        <translation>Der Proxy {detail} hat keine Verbindung zu {name} hergestellt. Fragen Sie die Netzwerkverwaltung, ob der Proxy den Marktplatz zulässt.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, asks for a user name and a password. Enter them under Network in the settings, or ask the network&apos;s administrator.</source>
        <translation>Der Proxy {detail}, der die Verbindung zu {name} herstellt, verlangt Benutzername und Passwort. Tragen Sie beides in den Einstellungen unter „Netzwerk“ ein, oder fragen Sie die Netzwerkverwaltung.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, does not answer. Check it under Network in the settings.</source>
        <translation>Der Proxy {detail}, der die Verbindung zu {name} herstellt, antwortet nicht. Prüfen Sie ihn in den Einstellungen unter „Netzwerk“.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, has an unknown host name. Check it under Network in the settings.</source>
        <translation>Der Proxy {detail}, der die Verbindung zu {name} herstellt, hat einen unbekannten Hostnamen. Prüfen Sie ihn in den Einstellungen unter „Netzwerk“.</translation>
    </message>
    <message>
        <source>Workdiary cannot use the proxy {detail}, which connects to {name}: its type is not supported. Enter the address of an HTTP proxy under Network in the settings.</source>
        <translation>Workdiary kann den Proxy {detail}, der die Verbindung zu {name} herstellt, nicht verwenden: Seine Art wird nicht unterstützt. Tragen Sie in den Einstellungen unter „Netzwerk“ die Adresse eines HTTP-Proxys ein.</translation>
    </message>
    <message>
        <source>The system delays sleep until the work is saved (logind).</source>
        <translation>Das System verzögert den Ruhezustand, bis die Arbeit gespeichert ist (logind).</translation>
    </message>
    <message>
        <source>This Wayland desktop does not report input; your time counts, and the record states that activity was not measured. A session on Xorg, chosen at the login screen, has counts.</source>
        <translation>Dieser Wayland-Desktop meldet keine Eingaben; Ihre Zeit zählt, und die Aufzeichnung vermerkt, dass die Aktivität nicht gemessen wurde. In einer Xorg-Sitzung, die Sie am Anmeldebildschirm wählen, wird gezählt.</translation>
    </message>
    <message>
        <source>This Wayland desktop has no portal that takes pictures (xdg-desktop-portal with a Screenshot interface); your time counts, and the record states why there is no picture. In a session on Xorg, chosen at the login screen, pictures work.</source>
        <translation>Dieser Wayland-Desktop hat kein Portal, das Bilder aufnimmt (xdg-desktop-portal mit der Schnittstelle Screenshot); Ihre Zeit zählt, und die Aufzeichnung nennt den Grund für das fehlende Bild. In einer Xorg-Sitzung, die Sie am Anmeldebildschirm wählen, funktionieren Bilder.</translation>
    </message>
    <message>
        <source>This Wayland desktop offers programs only screen casts (the ScreenCast portal). To take pictures from them, install GStreamer&apos;s tools with their PipeWire and PNG elements; on Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base and gstreamer1.0-plugins-good.</source>
        <translation>Dieser Wayland-Desktop bietet Programmen nur Bildschirmübertragungen (das Portal ScreenCast). Um daraus Bilder aufzunehmen, installieren Sie die Werkzeuge von GStreamer mit den Elementen für PipeWire und PNG; unter Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base und gstreamer1.0-plugins-good.</translation>
    </message>
    <message>
        <source>This X server does not allow input counts; only seconds with activity are recorded.</source>
        <translation>Dieser X-Server erlaubt kein Zählen von Eingaben; nur Sekunden mit Aktivität werden erfasst.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet.</source>
        <translation>Dieser Computer ist noch keinem Marktplatz beigetreten.</translation>
    </message>
    <message>
        <source>This version cannot count input on this system.</source>
        <translation>Diese Version kann auf diesem System keine Eingaben zählen.</translation>
    </message>
    <message>
        <source>This version takes no pictures on this system.</source>
        <translation>Diese Version nimmt auf diesem System keine Bilder auf.</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>Infobereich</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>While recording, Workdiary checks once a second whether macOS has locked the screen; the clocks detect sleep.</source>
        <translation>Während der Aufzeichnung prüft Workdiary jede Sekunde, ob macOS den Bildschirm gesperrt hat; ein Ruhezustand wird an den Uhren erkannt.</translation>
    </message>
    <message>
        <source>Windows reports lock and sleep.</source>
        <translation>Windows meldet Sperre und Ruhezustand.</translation>
    </message>
    <message>
        <source>Windows reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>Windows meldet nur Sekunden mit Aktivität; Tasten und Klicks werden nicht gezählt.</translation>
    </message>
    <message>
        <source>Workdiary records for this marketplace.</source>
        <translation>Workdiary zeichnet für diesen Marktplatz auf.</translation>
    </message>
    <message>
        <source>Workdiary {workdiary}, Python {python}, Qt {qt}, {system}.</source>
        <translation>Workdiary {workdiary}, Python {python}, Qt {qt}, {system}.</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Funktioniert</translation>
    </message>
    <message>
        <source>Works in part</source>
        <translation>Teilweise</translation>
    </message>
    <message>
        <source>You have switched counting off, and this system does not report seconds with activity; your time counts, and the record states that activity was not measured.</source>
        <translation>Sie haben das Zählen ausgeschaltet, und dieses System meldet keine Sekunden mit Aktivität; Ihre Zeit zählt, und die Aufzeichnung vermerkt, dass die Aktivität nicht gemessen wurde.</translation>
    </message>
    <message>
        <source>macOS does not allow input counts; only seconds with activity are recorded. For counts, allow Workdiary under System Settings, Privacy &amp; Security, Input Monitoring, then start recording again.</source>
        <translation>macOS erlaubt kein Zählen von Eingaben; nur Sekunden mit Aktivität werden erfasst. Um zu zählen, erlauben Sie Workdiary in den Systemeinstellungen unter Datenschutz &amp; Sicherheit, Eingabeüberwachung, und starten Sie die Aufzeichnung neu.</translation>
    </message>
    <message>
        <source>macOS does not allow pictures. Allow Workdiary under System Settings, Privacy &amp; Security, Screen Recording, then start recording again.</source>
        <translation>macOS erlaubt keine Bilder. Erlauben Sie Workdiary in den Systemeinstellungen unter Datenschutz &amp; Sicherheit, Bildschirmaufnahme, und starten Sie die Aufzeichnung neu.</translation>
    </message>
    <message>
        <source>macOS reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>macOS meldet nur Sekunden mit Aktivität; Tasten und Klicks werden nicht gezählt.</translation>
    </message>
    <message>
        <source>{folder} cannot be used: a symbolic link in its path has no target ({detail}). Restore the target, or choose another folder (--base-dir).</source>
        <translation>{folder} ist nicht verwendbar: Ein symbolischer Link im Pfad hat kein Ziel ({detail}). Stellen Sie das Ziel wieder her, oder wählen Sie einen anderen Ordner (--base-dir).</translation>
    </message>
    <message>
        <source>{folder} is not writable ({detail}). Nothing can be recorded until it is.</source>
        <translation>{folder} ist nicht beschreibbar ({detail}). Solange kann nichts aufgezeichnet werden.</translation>
    </message>
    <message>
        <source>{folder} is on a drive that is not connected. Connect it before you start.</source>
        <translation>{folder} ist auf einem Laufwerk, das nicht verbunden ist. Verbinden Sie es vor dem Start.</translation>
    </message>
    <message>
        <source>{folder} is writable; {free} GB of the disk are free.</source>
        <translation>{folder} ist beschreibbar; auf dem Datenträger sind {free} GB frei.</translation>
    </message>
    <message>
        <source>{name} answers.</source>
        <translation>{name} antwortet.</translation>
    </message>
    <message>
        <source>{name} cannot be reached ({problem}). Work can be recorded and is uploaded later.</source>
        <translation>{name} ist nicht erreichbar ({problem}). Arbeit kann erfasst werden und wird später übertragen.</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>a file is missing, was changed, or is not the one that was asked for</source>
        <translation>eine Datei fehlt, wurde geändert oder ist nicht die angeforderte</translation>
    </message>
    <message>
        <source>a log key cannot be used or was not announced</source>
        <translation>ein Schlüssel des Logs ist nicht verwendbar oder wurde nicht angekündigt</translation>
    </message>
    <message>
        <source>a part appears twice or uses the name of a signed field</source>
        <translation>ein Teil kommt zweimal vor oder trägt den Namen eines signierten Felds</translation>
    </message>
    <message>
        <source>a part had not arrived at the marketplace</source>
        <translation>ein Teil war noch nicht beim Marktplatz angekommen</translation>
    </message>
    <message>
        <source>a part that was never signed is shown</source>
        <translation>ein nie signierter Teil ist enthalten</translation>
    </message>
    <message>
        <source>a picture file differs from the one that was signed</source>
        <translation>eine Bilddatei weicht von der signierten ab</translation>
    </message>
    <message>
        <source>a picture was not taken at its random time</source>
        <translation>ein Bild wurde nicht zu seinem zufälligen Zeitpunkt aufgenommen</translation>
    </message>
    <message>
        <source>another copy of this folder used its number first</source>
        <translation>eine andere Kopie dieses Ordners hat ihre Nummer zuerst verwendet</translation>
    </message>
    <message>
        <source>another copy of this folder used the number before it</source>
        <translation>eine andere Kopie dieses Ordners hat die Nummer davor verwendet</translation>
    </message>
    <message>
        <source>it arrived too late</source>
        <translation>sie kam zu spät an</translation>
    </message>
    <message>
        <source>the computer used an older random value than before</source>
        <translation>der Computer verwendete einen älteren Zufallswert als zuvor</translation>
    </message>
    <message>
        <source>the contract does not allow this kind of time</source>
        <translation>der Vertrag lässt diese Art von Zeit nicht zu</translation>
    </message>
    <message>
        <source>the contract&apos;s terms did not apply</source>
        <translation>die Vertragsbedingungen galten nicht</translation>
    </message>
    <message>
        <source>the data is a signed object of another type</source>
        <translation>die Daten sind ein signiertes Objekt anderer Art</translation>
    </message>
    <message>
        <source>the data is malformed</source>
        <translation>die Daten sind fehlerhaft</translation>
    </message>
    <message>
        <source>the data is signed with an algorithm that the protocol does not allow</source>
        <translation>die Daten sind mit einem Verfahren signiert, das das Protokoll nicht erlaubt</translation>
    </message>
    <message>
        <source>the key is weak</source>
        <translation>der Schlüssel ist schwach</translation>
    </message>
    <message>
        <source>the log did not publish the random value named here</source>
        <translation>das Log hat den hier genannten Zufallswert nicht veröffentlicht</translation>
    </message>
    <message>
        <source>the log does not prove that it only added entries</source>
        <translation>das Log beweist nicht, dass es nur Einträge hinzugefügt hat</translation>
    </message>
    <message>
        <source>the log showed two different histories</source>
        <translation>das Log hat zwei verschiedene Verläufe gezeigt</translation>
    </message>
    <message>
        <source>the log&apos;s signature does not match any trusted key</source>
        <translation>die Signatur des Logs passt zu keinem vertrauten Schlüssel</translation>
    </message>
    <message>
        <source>this computer is not enrolled at the marketplace</source>
        <translation>dieser Computer ist beim Marktplatz nicht angemeldet</translation>
    </message>
    <message>
        <source>too few witnesses have confirmed this state of the log</source>
        <translation>zu wenige Zeugen haben diesen Stand des Logs bestätigt</translation>
    </message>
    <message>
        <source>the random time or the number of the pictures is not the one that was drawn</source>
        <translation>der zufällige Zeitpunkt oder die Anzahl der Bilder ist nicht wie ausgelost</translation>
    </message>
    <message>
        <source>the random value named here belongs to a later slot</source>
        <translation>der hier genannte Zufallswert gehört zu einem späteren Zeitabschnitt</translation>
    </message>
    <message>
        <source>the receipt does not prove that the log contains this</source>
        <translation>die Quittung beweist nicht, dass dies im Log steht</translation>
    </message>
    <message>
        <source>the segment ends after the log received it</source>
        <translation>das Segment endet nach seinem Eingang im Log</translation>
    </message>
    <message>
        <source>the segment that this refers to is missing</source>
        <translation>das Segment, auf das sich dies bezieht, fehlt</translation>
    </message>
    <message>
        <source>the signature does not match the signed data</source>
        <translation>die Signatur passt nicht zu den signierten Daten</translation>
    </message>
    <message>
        <source>the slot does not begin at a full ten minutes</source>
        <translation>der Zeitabschnitt beginnt nicht zu vollen zehn Minuten</translation>
    </message>
    <message>
        <source>the times do not match the slot or the measured duration</source>
        <translation>die Zeiten passen nicht zum Zeitabschnitt oder zur gemessenen Dauer</translation>
    </message>
    <message>
        <source>the times in the log run backwards</source>
        <translation>die Zeiten im Log laufen rückwärts</translation>
    </message>
    <message>
        <source>this computer joined after the work</source>
        <translation>dieser Computer ist erst nach der Arbeit beigetreten</translation>
    </message>
    <message>
        <source>this computer was signed out before it arrived</source>
        <translation>dieser Computer wurde vor ihrem Eingang abgemeldet</translation>
    </message>
    <message>
        <source>this computer was stopped before it arrived</source>
        <translation>dieser Computer wurde vor ihrem Eingang gesperrt</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>&amp;Finish</source>
        <translation>&amp;Fertig</translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation>Beitr&amp;eten</translation>
    </message>
    <message>
        <source>&amp;Read what is recorded</source>
        <translation>&amp;Lesen, was aufgezeichnet wird</translation>
    </message>
    <message>
        <source>&amp;Sign in with your browser</source>
        <translation>Im &amp;Browser anmelden</translation>
    </message>
    <message>
        <source>&amp;Take a test picture</source>
        <translation>&amp;Testbild aufnehmen</translation>
    </message>
    <message>
        <source>1 Sign in</source>
        <translation>1 Anmelden</translation>
    </message>
    <message>
        <source>2 What is recorded</source>
        <translation>2 Was aufgezeichnet wird</translation>
    </message>
    <message>
        <source>3 Test picture</source>
        <translation>3 Testbild</translation>
    </message>
    <message>
        <source>C&amp;opy the address</source>
        <translation>Adresse &amp;kopieren</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Abb&amp;rechen</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Wird geprüft …</translation>
    </message>
    <message>
        <source>Continue in your browser. If no page has opened, copy its address into a browser.</source>
        <translation>Fahren Sie in Ihrem Browser fort. Wurde keine Seite geöffnet, kopieren Sie deren Adresse in einen Browser.</translation>
    </message>
    <message>
        <source>Everything on the screen is covered by your settings.</source>
        <translation>Ihre Einstellungen decken den ganzen Bildschirm ab.</translation>
    </message>
    <message>
        <source>Found: {name}, a Workdiary marketplace</source>
        <translation>Gefunden: {name}, ein Workdiary-Marktplatz</translation>
    </message>
    <message>
        <source>I have a &amp;code</source>
        <translation>Ich habe einen &amp;Code</translation>
    </message>
    <message>
        <source>It is shown here only, and neither stored nor sent.</source>
        <translation>Es wird nur hier gezeigt und weder gespeichert noch übertragen.</translation>
    </message>
    <message>
        <source>Joining took too long. Sign in again.</source>
        <translation>Der Beitritt hat zu lange gedauert. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>Key presses are counted, never what you type.</source>
        <translation>Tastendrücke werden gezählt, nie, was Sie tippen.</translation>
    </message>
    <message>
        <source>Looking for the marketplace …</source>
        <translation>Der Marktplatz wird gesucht …</translation>
    </message>
    <message>
        <source>Marketplace &amp;address</source>
        <translation>&amp;Adresse des Marktplatzes</translation>
    </message>
    <message>
        <source>Marketplace address</source>
        <translation>Adresse des Marktplatzes</translation>
    </message>
    <message>
        <source>Net&amp;work …</source>
        <translation>Net&amp;zwerk …</translation>
    </message>
    <message>
        <source>No picture could be taken. See the checks below.</source>
        <translation>Es konnte kein Bild aufgenommen werden. Siehe die Prüfungen unten.</translation>
    </message>
    <message>
        <source>No test picture yet</source>
        <translation>Noch kein Testbild</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start</source>
        <translation>Nichts wird aufgezeichnet, bevor Sie Start drücken</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start.</source>
        <translation>Nichts wird aufgezeichnet, bevor Sie Start drücken.</translation>
    </message>
    <message>
        <source>Once on this computer. Your password stays in the browser.</source>
        <translation>Einmal auf diesem Computer. Ihr Passwort bleibt im Browser.</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>Einmal-Code</translation>
    </message>
    <message>
        <source>Opening the sign-in …</source>
        <translation>Die Anmeldung wird geöffnet …</translation>
    </message>
    <message>
        <source>Read what your contract records, who sees it and for how long.</source>
        <translation>Lesen Sie, was Ihr Vertrag aufzeichnet, wer es sieht und wie lange.</translation>
    </message>
    <message>
        <source>Recording always shows in the tray. No hidden mode.</source>
        <translation>Der Infobereich zeigt immer, wenn aufgezeichnet wird. Kein verborgener Modus.</translation>
    </message>
    <message>
        <source>Return to Workdiary. You can close this page.</source>
        <translation>Kehren Sie zu Workdiary zurück. Sie können diese Seite schließen.</translation>
    </message>
    <message>
        <source>See or delete each picture before it leaves.</source>
        <translation>Sehen oder löschen Sie jedes Bild, bevor es übertragen wird.</translation>
    </message>
    <message>
        <source>Set by the administrator of this computer.</source>
        <translation>Von der Verwaltung dieses Computers festgelegt.</translation>
    </message>
    <message>
        <source>Set by {organisation}.</source>
        <translation>Festgelegt von {organisation}.</translation>
    </message>
    <message>
        <source>Set up Workdiary</source>
        <translation>Workdiary einrichten</translation>
    </message>
    <message>
        <source>Sign in to your marketplace</source>
        <translation>Bei Ihrem Marktplatz anmelden</translation>
    </message>
    <message>
        <source>Signed in. This computer joins now …</source>
        <translation>Angemeldet. Dieser Computer tritt jetzt bei …</translation>
    </message>
    <message>
        <source>Test picture</source>
        <translation>Testbild</translation>
    </message>
    <message>
        <source>The desktop did not allow a picture.</source>
        <translation>Der Desktop hat kein Bild erlaubt.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sign in again.</source>
        <translation>Der Schlüsselbund hat die Schlüssel dieses Computers verloren. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Sign in again.</source>
        <translation>Der Marktplatz hat diesen Computer nicht angenommen. Melden Sie sich noch einmal an.</translation>
    </message>
    <message>
        <source>The screen is locked.</source>
        <translation>Der Bildschirm ist gesperrt.</translation>
    </message>
    <message>
        <source>This code is unknown, used or expired. Ask your marketplace for a new one.</source>
        <translation>Dieser Code ist unbekannt, verbraucht oder abgelaufen. Bitten Sie Ihren Marktplatz um einen neuen.</translation>
    </message>
    <message>
        <source>This computer has joined {marketplace} as {account}.</source>
        <translation>Dieser Computer ist {marketplace} als {account} beigetreten.</translation>
    </message>
    <message>
        <source>Try a&amp;gain</source>
        <translation>Erneut &amp;versuchen</translation>
    </message>
    <message>
        <source>Waiting for your keyring. It may ask for its password.</source>
        <translation>Wartet auf Ihren Schlüsselbund. Vielleicht fragt er nach seinem Passwort.</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>Was aufgezeichnet wird</translation>
    </message>
    <message>
        <source>Enter an address like https://work.example.org.</source>
        <translation>Schreiben Sie eine Adresse wie https://work.example.org.</translation>
    </message>
    <message>
        <source>You have agreed to what this contract records.</source>
        <translation>Sie haben dem zugestimmt, was dieser Vertrag aufzeichnet.</translation>
    </message>
    <message>
        <source>You have no contract yet. The page is shown before your first recording.</source>
        <translation>Sie haben noch keinen Vertrag. Die Seite erscheint vor Ihrer ersten Aufzeichnung.</translation>
    </message>
    <message>
        <source>Your marketplace shows its address.</source>
        <translation>Ihr Marktplatz zeigt seine Adresse.</translation>
    </message>
</context>
<context>
    <name>Idle</name>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>&amp;Remove this time</source>
        <translation>Diese Zeit &amp;entfernen</translation>
    </message>
    <message>
        <source>Keep and &amp;continue</source>
        <translation>Behalten und &amp;fortsetzen</translation>
    </message>
    <message>
        <source>No input from {since} to {until}</source>
        <translation>Keine Eingaben von {since} bis {until}</translation>
    </message>
    <message>
        <source>Time without input</source>
        <translation>Zeit ohne Eingaben</translation>
    </message>
    <message>
        <source>Were you working away from the keyboard, for example on the phone? Keep these {time} with a note: {client} sees the note, and that there was no input. If you remove the time, no record of it remains.</source>
        <translation>Haben Sie abseits der Tastatur gearbeitet, zum Beispiel am Telefon? Behalten Sie diese {time} mit einer Notiz: {client} sieht die Notiz, und dass es keine Eingaben gab. Entfernen Sie die Zeit, bleibt keine Aufzeichnung davon.</translation>
    </message>
    <message>
        <source>What did you do?</source>
        <translation>Was haben Sie getan?</translation>
    </message>
    <message>
        <source>the client</source>
        <translation>der Auftraggeber</translation>
    </message>
</context>
<context>
    <name>Manual</name>
    <message>
        <source>&amp;Add {time}</source>
        <translation>{time} &amp;eintragen</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation>&amp;Tag</translation>
    </message>
    <message>
        <source>&amp;From, to</source>
        <translation>&amp;Von, bis</translation>
    </message>
    <message>
        <source>&amp;Memo</source>
        <translation>&amp;Memo</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>&amp;Grund</translation>
    </message>
    <message>
        <source>Add manual time</source>
        <translation>Zeit von Hand eintragen</translation>
    </message>
    <message>
        <source>At most 12 hours at once.</source>
        <translation>Höchstens 12 Stunden auf einmal.</translation>
    </message>
    <message>
        <source>Con&amp;tract</source>
        <translation>Ve&amp;rtrag</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>It is marked as entered manually wherever it appears, and it is not protected. The client sees the reason.</source>
        <translation>Sie ist überall als von Hand eingetragen markiert und nicht geschützt. Der Auftraggeber sieht den Grund.</translation>
    </message>
    <message>
        <source>Only time that has passed can be added.</source>
        <translation>Nur vergangene Zeit kann eingetragen werden.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>Stoppen Sie zuerst die Aufzeichnung.</translation>
    </message>
    <message>
        <source>The contract does not allow manual time.</source>
        <translation>Der Vertrag lässt keine von Hand eingetragene Zeit zu.</translation>
    </message>
    <message>
        <source>The end must be after the beginning.</source>
        <translation>Das Ende muss nach dem Beginn liegen.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Write a memo.</source>
        <translation>Schreiben Sie ein Memo.</translation>
    </message>
    <message>
        <source>Write why it was not recorded.</source>
        <translation>Schreiben Sie, warum sie nicht aufgezeichnet wurde.</translation>
    </message>
</context>
<context>
    <name>Marketplaces</name>
    <message numerus="yes">
        <source>%n entries are waiting for {marketplace}.</source>
        <translation>
            <numerusform>%n Eintrag wartet auf {marketplace}.</numerusform>
            <numerusform>%n Einträge warten auf {marketplace}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. Switch to it to finish them.</source>
        <translation>
            <numerusform>%n Eintrag wartet. Wechseln Sie dorthin, um ihn abzuschließen.</numerusform>
            <numerusform>%n Einträge warten. Wechseln Sie dorthin, um sie abzuschließen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. They could not be uploaded yet.</source>
        <translation>
            <numerusform>%n Eintrag wartet. Er konnte noch nicht übertragen werden.</numerusform>
            <numerusform>%n Einträge warten. Sie konnten noch nicht übertragen werden.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>Weiter &amp;wie bisher</translation>
    </message>
    <message>
        <source>&amp;Stop and add</source>
        <translation>&amp;Stoppen und hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Stop and switch</source>
        <translation>&amp;Stoppen und wechseln</translation>
    </message>
    <message>
        <source>Add a marketplace</source>
        <translation>Einen Marktplatz hinzufügen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Marketplaces</source>
        <translation>Marktplätze</translation>
    </message>
    <message>
        <source>No other marketplace can be opened.</source>
        <translation>Kein anderer Marktplatz kann geöffnet werden.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>Nichts wartet.</translation>
    </message>
    <message>
        <source>Open now. Time is recorded for it.</source>
        <translation>Jetzt geöffnet. Für ihn wird aufgezeichnet.</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>Ab&amp;melden …</translation>
    </message>
    <message>
        <source>Stop recording and add a marketplace?</source>
        <translation>Aufzeichnung stoppen und einen Marktplatz hinzufügen?</translation>
    </message>
    <message>
        <source>Stop recording and switch to {marketplace}?</source>
        <translation>Aufzeichnung stoppen und zu {marketplace} wechseln?</translation>
    </message>
    <message>
        <source>Switch</source>
        <translation>Wechseln</translation>
    </message>
    <message>
        <source>Switch to {marketplace}</source>
        <translation>Zu {marketplace} wechseln</translation>
    </message>
    <message>
        <source>This computer is not signed in to a marketplace.</source>
        <translation>Dieser Computer ist bei keinem Marktplatz angemeldet.</translation>
    </message>
    <message>
        <source>This computer stays signed in to the others. One is open at a time.</source>
        <translation>Dieser Computer bleibt bei den anderen angemeldet. Einer ist jeweils geöffnet.</translation>
    </message>
    <message>
        <source>Your time up to now is saved for {current} and uploaded. What cannot be uploaded now stays safe on this computer and is uploaded later. A picture under review is shown again when you switch back.</source>
        <translation>Ihre Zeit bis jetzt wird für {current} gespeichert und übertragen. Was sich jetzt nicht übertragen lässt, bleibt sicher auf diesem Computer und wird später übertragen. Ein Bild in Prüfung wird wieder gezeigt, wenn Sie zurückwechseln.</translation>
    </message>
</context>
<context>
    <name>Network</name>
    <message>
        <source>&amp;Connection</source>
        <translation>&amp;Verbindung</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Passwort</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Save password</source>
        <translation>Passwort &amp;speichern</translation>
    </message>
    <message>
        <source>&amp;Script</source>
        <translation>S&amp;kript</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Testen</translation>
    </message>
    <message>
        <source>&amp;User name</source>
        <translation>&amp;Benutzername</translation>
    </message>
    <message>
        <source>A proxy that the script names is used without a sign-in.</source>
        <translation>Ein Proxy, den das Skript nennt, wird ohne Anmeldung verwendet.</translation>
    </message>
    <message>
        <source>A user name has no colon and at most 256 characters.</source>
        <translation>Ein Benutzername enthält keinen Doppelpunkt und höchstens 256 Zeichen.</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>An address is missing. Enter it first.</source>
        <translation>Es fehlt eine Adresse. Tragen Sie sie zuerst ein.</translation>
    </message>
    <message>
        <source>Asks the marketplace for its name, with these settings.</source>
        <translation>Fragt den Marktplatz mit diesen Einstellungen nach seinem Namen.</translation>
    </message>
    <message>
        <source>By a proxy script (PAC)</source>
        <translation>Nach Proxy-Skript (PAC)</translation>
    </message>
    <message>
        <source>C&amp;hoose …</source>
        <translation>A&amp;uswählen …</translation>
    </message>
    <message>
        <source>Certificate authority: {reason}</source>
        <translation>Zertifizierungsstelle: {reason}</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>Zertifikate (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>Choose the certificate authority</source>
        <translation>Zertifizierungsstelle auswählen</translation>
    </message>
    <message>
        <source>Enter the address of an HTTP proxy without a password, such as http://proxy.example:3128.</source>
        <translation>Geben Sie die Adresse eines HTTP-Proxys ohne Passwort ein, etwa http://proxy.example:3128.</translation>
    </message>
    <message>
        <source>Enter the proxy&apos;s address and the user name first.</source>
        <translation>Tragen Sie zuerst die Adresse des Proxys und den Benutzernamen ein.</translation>
    </message>
    <message>
        <source>Enter the script&apos;s address (http or https) or the whole path of its file.</source>
        <translation>Geben Sie die Adresse des Skripts (http oder https) oder den ganzen Pfad seiner Datei ein.</translation>
    </message>
    <message>
        <source>How Workdiary reaches the marketplace.</source>
        <translation>Der Weg von Workdiary zum Marktplatz.</translation>
    </message>
    <message>
        <source>If the proxy asks for one</source>
        <translation>Falls der Proxy ihn verlangt</translation>
    </message>
    <message>
        <source>Needed if your organisation inspects connections. The certificates in this PEM file are trusted in addition to the system&apos;s.</source>
        <translation>Nötig, wenn Ihre Organisation Verbindungen prüft. Den Zertifikaten in dieser PEM-Datei wird zusätzlich zu denen des Systems vertraut.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>No keyring is available, so the proxy&apos;s password cannot be read.</source>
        <translation>Der Schlüsselbund mit dem Passwort des Proxys wurde nicht gefunden.</translation>
    </message>
    <message>
        <source>No marketplace is set yet. Enter its address first.</source>
        <translation>Es ist noch kein Marktplatz eingestellt. Geben Sie zuerst seine Adresse ein.</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no file</comment>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Custom certificate authority</source>
        <translation>Eigene Zertifizierungsstelle</translation>
    </message>
    <message>
        <source>Proxy &amp;address</source>
        <translation>&amp;Adresse des Proxys</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Saved in the keyring. Applies to the next connection.</source>
        <translation>Im Schlüsselbund gespeichert. Gilt ab der nächsten Verbindung.</translation>
    </message>
    <message>
        <source>Saved. Applies to the next connection.</source>
        <translation>Gespeichert. Gilt ab der nächsten Verbindung.</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Verbindung testen</translation>
    </message>
    <message>
        <source>Testing …</source>
        <translation>Wird getestet …</translation>
    </message>
    <message>
        <source>The certificate is not trusted here. If your organisation inspects connections, choose its certificate authority above. Otherwise check the clock of this computer.</source>
        <translation>Dem Zertifikat wird hier nicht vertraut. Prüft Ihre Organisation Verbindungen, so wählen Sie oben ihre Zertifizierungsstelle aus. Prüfen Sie sonst die Uhr dieses Computers.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>Die Datei kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The file contains a private key, which must stay secret. Choose one with the certificate only.</source>
        <translation>Die Datei enthält einen privaten Schlüssel, der geheim bleiben muss. Wählen Sie eine, die nur das Zertifikat enthält.</translation>
    </message>
    <message>
        <source>The file contains no valid certificate in PEM form.</source>
        <translation>Die Datei enthält kein gültiges Zertifikat im PEM-Format.</translation>
    </message>
    <message>
        <source>The file does not exist any more. Choose another.</source>
        <translation>Die Datei gibt es nicht mehr. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The file is too large for a list of certificates.</source>
        <translation>Die Datei ist für eine Liste von Zertifikaten zu groß.</translation>
    </message>
    <message>
        <source>The proxy&apos;s password could not be read from the keyring. Test again.</source>
        <translation>Der Schlüsselbund hat das Passwort des Proxys nicht herausgegeben. Testen Sie noch einmal.</translation>
    </message>
    <message>
        <source>The keyring with the proxy&apos;s password is locked. Unlock it, then test again.</source>
        <translation>Der Schlüsselbund mit dem Passwort des Proxys ist gesperrt. Entsperren Sie ihn, und testen Sie noch einmal.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time.</source>
        <translation>Der Marktplatz hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s host name is unknown here. Check its address and the network; some networks need a proxy.</source>
        <translation>Der Hostname des Marktplatzes ist hier unbekannt. Prüfen Sie seine Adresse und das Netzwerk; manche Netzwerke brauchen einen Proxy.</translation>
    </message>
    <message>
        <source>The password was not saved. {reason}</source>
        <translation>Das Passwort wurde nicht gespeichert. {reason}</translation>
    </message>
    <message>
        <source>The password was removed from the keyring.</source>
        <translation>Das Passwort wurde aus dem Schlüsselbund entfernt.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched: {reason}. Check its address.</source>
        <translation>Das Proxy-Skript (PAC) kann nicht geladen werden: {reason}. Prüfen Sie seine Adresse.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work: {reason}. Ask the network&apos;s administrator.</source>
        <translation>Das Proxy-Skript (PAC) funktioniert nicht: {reason}. Fragen Sie die Netzwerkverwaltung.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not accept the sign-in. Check the user name and the password.</source>
        <translation>Der Proxy {proxy} lehnt die Anmeldung ab. Prüfen Sie Benutzername und Passwort.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not answer. Check its address.</source>
        <translation>Der Proxy {proxy} antwortet nicht. Prüfen Sie seine Adresse.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not connect to the marketplace. Ask the network&apos;s administrator whether it is allowed.</source>
        <translation>Der Proxy {proxy} stellt keine Verbindung zum Marktplatz her. Fragen Sie die Netzwerkverwaltung, ob er zugelassen ist.</translation>
    </message>
    <message>
        <source>The proxy {proxy} has an unknown host name. Check its address.</source>
        <translation>Der Proxy {proxy} hat einen unbekannten Hostnamen. Prüfen Sie seine Adresse.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring keeps it for this proxy and user. Save an empty field to remove it.</source>
        <translation>Der Schlüsselbund des Systems bewahrt es für diesen Proxy und Benutzer auf. Speichern Sie ein leeres Feld, um es zu entfernen.</translation>
    </message>
    <message>
        <source>The type of the proxy {proxy} is not supported. Use the address of an HTTP proxy.</source>
        <translation>Die Art des Proxys {proxy} wird nicht unterstützt. Verwenden Sie die Adresse eines HTTP-Proxys.</translation>
    </message>
    <message>
        <source>There is no connection to the marketplace. Some networks need a proxy.</source>
        <translation>Es gibt keine Verbindung zum Marktplatz. Manche Netzwerke brauchen einen Proxy.</translation>
    </message>
    <message>
        <source>Through this proxy</source>
        <translation>Über diesen Proxy</translation>
    </message>
    <message>
        <source>Without a proxy</source>
        <translation>Ohne Proxy</translation>
    </message>
    <message>
        <source>an error in the script</source>
        <translation>ein Fehler im Skript</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example/proxy.pac</source>
        <translation>z.&#xa0;B. http://proxy.example/proxy.pac</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example:3128</source>
        <translation>z.&#xa0;B. http://proxy.example:3128</translation>
    </message>
    <message>
        <source>it does not end</source>
        <translation>es endet nicht</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>es ist zu groß</translation>
    </message>
    <message>
        <source>it names no proxy</source>
        <translation>es nennt keinen Proxy</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>keine rechtzeitige Antwort</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>die Datei kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>the file is missing</source>
        <translation>die Datei fehlt</translation>
    </message>
    <message>
        <source>{name} answers, through the proxy {proxy}.</source>
        <translation>{name} antwortet, über den Proxy {proxy}.</translation>
    </message>
    <message>
        <source>{name} answers, without a proxy.</source>
        <translation>{name} antwortet, ohne Proxy.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>&amp;Answer</source>
        <translation>&amp;Antworten</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;OK</source>
        <translation>&amp;OK</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Öffnen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>Erneut &amp;versuchen</translation>
    </message>
    <message>
        <source>&amp;Use its time</source>
        <translation>&amp;Dessen Zeit verwenden</translation>
    </message>
    <message>
        <source>&amp;Write</source>
        <translation>&amp;Schreiben</translation>
    </message>
    <message>
        <source>A copy of this folder recorded too: {seconds} are sent again, {unpaid_s} are unpaid.</source>
        <translation>Auch eine Kopie dieses Ordners hat aufgezeichnet: {seconds} werden erneut übertragen, {unpaid_s} sind unbezahlt.</translation>
    </message>
    <message>
        <source>A file of the diary is missing from the disk. The rest is safe.</source>
        <translation>Eine Datei des Tagebuchs fehlt auf dem Datenträger. Der Rest ist sicher.</translation>
    </message>
    <message>
        <source>A file of unfinished work cannot be read. It stays on this computer, unpaid.</source>
        <translation>Eine Datei unfertiger Arbeit ist nicht lesbar. Sie bleibt auf diesem Computer, unbezahlt.</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>Ein neues Gerät hat sich bei Ihrem Konto angemeldet. Ist es Ihres?</translation>
    </message>
    <message>
        <source>A newer Workdiary wrote this folder. Nothing changed. Install the newer one.</source>
        <translation>Ein neueres Workdiary hat diesen Ordner geschrieben. Es wurde nichts geändert. Installieren Sie das neuere.</translation>
    </message>
    <message>
        <source>A random value for picture times was refused. Work continues.</source>
        <translation>Ein Zufallswert für Bildzeitpunkte wurde abgelehnt. Die Arbeit geht weiter.</translation>
    </message>
    <message>
        <source>A record of unsealed work is damaged. At most 10 min are lost. The rest is safe.</source>
        <translation>Eine Aufzeichnung unversiegelter Arbeit ist beschädigt. Höchstens 10 min sind verloren. Der Rest ist sicher.</translation>
    </message>
    <message>
        <source>A stored file is damaged and was set aside. Everything else continues.</source>
        <translation>Eine gespeicherte Datei ist beschädigt und wurde beiseitegelegt. Alles andere läuft weiter.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Another copy of this folder recorded with the same key.</source>
        <translation>Eine andere Kopie dieses Ordners hat mit demselben Schlüssel aufgezeichnet.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Joining stopped. Check the address.</source>
        <translation>Unter dieser Adresse antwortet ein anderer Marktplatz. Der Beitritt wurde abgebrochen. Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Nothing was sent.</source>
        <translation>Unter dieser Adresse antwortet ein anderer Marktplatz. Es wurde nichts übertragen.</translation>
    </message>
    <message>
        <source>Before the first recording, this computer must connect to the marketplace once.</source>
        <translation>Vor der ersten Aufzeichnung muss sich dieser Computer einmal mit dem Marktplatz verbinden.</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>Earlier work was saved with a clock {off_s} ahead and may not be paid. New work gets the right time.</source>
        <translation>Frühere Arbeit wurde mit einer {off_s} vorgehenden Uhr gespeichert und wird vielleicht nicht bezahlt. Neue Arbeit erhält die richtige Zeit.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace signs with another key. Ask its support.</source>
        <translation>Beitritt abgebrochen: Der Marktplatz signiert mit einem anderen Schlüssel. Fragen Sie dessen Support.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace&apos;s log showed two histories. Both are kept.</source>
        <translation>Beitritt abgebrochen: Das Log des Marktplatzes hat zwei Verläufe gezeigt. Beide sind aufbewahrt.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Get a new code.</source>
        <translation>Der Beitritt hat zu lange gedauert. Die Schlüssel bleiben erhalten. Besorgen Sie einen neuen Code.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Put a new code into its file.</source>
        <translation>Der Beitritt hat zu lange gedauert. Die Schlüssel bleiben erhalten. Schreiben Sie einen neuen Code in dessen Datei.</translation>
    </message>
    <message>
        <source>Joining: a contract&apos;s terms are not in the log. Try again later.</source>
        <translation>Beitritt: Die Bedingungen eines Vertrags sind nicht im Log. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>Joining: a random value of the marketplace is not in its log. Try again later.</source>
        <translation>Beitritt: Ein Zufallswert des Marktplatzes ist nicht in dessen Log. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>Joining: no marketplace answered there. Check the address. Workdiary tries again.</source>
        <translation>Beitritt: Dort hat kein Marktplatz geantwortet. Prüfen Sie die Adresse. Workdiary versucht es erneut.</translation>
    </message>
    <message>
        <source>Joining: the address redirects elsewhere. Check the address and the network.</source>
        <translation>Beitritt: Die Adresse leitet auf eine andere um. Prüfen Sie die Adresse und das Netzwerk.</translation>
    </message>
    <message>
        <source>Joining: the answer is incomplete. Workdiary tries again by itself.</source>
        <translation>Beitritt: Die Antwort ist unvollständig. Workdiary versucht es von selbst erneut.</translation>
    </message>
    <message>
        <source>Joining: the answer was too long. Workdiary tries again by itself.</source>
        <translation>Beitritt: Die Antwort war zu lang. Workdiary versucht es von selbst erneut.</translation>
    </message>
    <message>
        <source>Joining: the connection broke. Workdiary tries again by itself.</source>
        <translation>Beitritt: Die Verbindung ist abgebrochen. Workdiary versucht es von selbst erneut.</translation>
    </message>
    <message>
        <source>Joining: the file of your certificate authority cannot be used. Choose it again.</source>
        <translation>Beitritt: Die Datei Ihrer Zertifizierungsstelle ist unbrauchbar. Wählen Sie sie neu.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not answer in time. Workdiary tries again by itself.</source>
        <translation>Beitritt: Der Marktplatz hat nicht rechtzeitig geantwortet. Workdiary versucht es von selbst erneut.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not prove that this computer is in its log.</source>
        <translation>Beitritt: Der Marktplatz hat nicht bewiesen, dass dieser Computer in seinem Log steht.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is busy, retrying later.</source>
        <translation>Beitritt: Der Marktplatz ist ausgelastet, neuer Versuch später.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is having problems. Workdiary tries again by itself.</source>
        <translation>Beitritt: Der Marktplatz hat eine Störung. Workdiary versucht es von selbst erneut.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s certificate is not trusted. Check clock and network.</source>
        <translation>Beitritt: Dem Zertifikat des Marktplatzes wird nicht vertraut. Prüfen Sie Uhr und Netzwerk.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s log could not be checked. Try again later.</source>
        <translation>Beitritt: Das Log des Marktplatzes konnte nicht geprüft werden. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s receipt has a wrong time. Check this computer&apos;s clock.</source>
        <translation>Beitritt: Die Quittung des Marktplatzes hat eine falsche Zeit. Prüfen Sie die Uhr dieses Computers.</translation>
    </message>
    <message>
        <source>Joining: the network settings lack an address. Enter it, then try again.</source>
        <translation>Beitritt: In den Netzwerkeinstellungen fehlt eine Adresse. Tragen Sie sie ein.</translation>
    </message>
    <message>
        <source>Joining: Workdiary cannot use this kind of proxy. Check the network settings.</source>
        <translation>Beitritt: Workdiary kann diese Art von Proxy nicht verwenden. Prüfen Sie die Netzwerkeinstellungen.</translation>
    </message>
    <message>
        <source>R&amp;estart</source>
        <translation>&amp;Neu starten</translation>
    </message>
    <message>
        <source>Joining: the proxy asks for a password. Enter it under Network in the settings.</source>
        <translation>Beitritt: Der Proxy verlangt ein Passwort. Tragen Sie es in den Einstellungen unter „Netzwerk“ ein.</translation>
    </message>
    <message>
        <source>Joining: the proxy did not connect to the marketplace. Workdiary tries again.</source>
        <translation>Beitritt: Der Proxy hat keine Verbindung zum Marktplatz hergestellt. Workdiary versucht es erneut.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer does not answer. Check its settings.</source>
        <translation>Beitritt: Der Proxy dieses Computers antwortet nicht. Prüfen Sie seine Einstellungen.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer has an unknown name. Check its settings.</source>
        <translation>Beitritt: Der Proxy dieses Computers hat einen unbekannten Namen. Prüfen Sie seine Einstellungen.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) cannot be fetched. Check the network settings.</source>
        <translation>Beitritt: Das Proxy-Skript (PAC) kann nicht geladen werden. Prüfen Sie die Netzwerkeinstellungen.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) does not work. Check the network settings.</source>
        <translation>Beitritt: Das Proxy-Skript (PAC) funktioniert nicht. Prüfen Sie die Netzwerkeinstellungen.</translation>
    </message>
    <message>
        <source>New terms were refused: the log does not prove them. The old ones apply.</source>
        <translation>Neue Vertragsbedingungen wurden abgelehnt: Das Log beweist sie nicht. Die alten gelten weiter.</translation>
    </message>
    <message>
        <source>No keyring was found for the keys. Start one, then try again.</source>
        <translation>Für die Schlüssel wurde kein Schlüsselbund gefunden. Starten Sie einen, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>No time was added: a part of it is in your diary already.</source>
        <translation>Es wurde keine Zeit eingetragen: Ein Teil davon ist schon in Ihrem Tagebuch.</translation>
    </message>
    <message>
        <source>No time was added: it needs a memo, a reason and at most 12 hours.</source>
        <translation>Es wurde keine Zeit eingetragen: Nötig sind ein Memo, ein Grund und höchstens 12 Stunden.</translation>
    </message>
    <message>
        <source>No time was added: it would end later than now.</source>
        <translation>Es wurde keine Zeit eingetragen: Sie würde in der Zukunft enden.</translation>
    </message>
    <message>
        <source>No time was added: the contract did not allow manual time.</source>
        <translation>Es wurde keine Zeit eingetragen: Der Vertrag ließ keine von Hand eingetragene Zeit zu.</translation>
    </message>
    <message>
        <source>Nothing could be saved for an hour. Recording pauses until the disk works again.</source>
        <translation>Eine Stunde lang konnte nichts gespeichert werden. Die Aufzeichnung pausiert, bis der Datenträger wieder funktioniert.</translation>
    </message>
    <message>
        <source>Nothing is left to change or delete here.</source>
        <translation>Hier gibt es nichts mehr zu ändern oder zu löschen.</translation>
    </message>
    <message>
        <source>Nothing was covered: at most {limit} areas, each inside the picture.</source>
        <translation>Nichts wurde abgedeckt: höchstens {limit} Bereiche, jeder innerhalb des Bildes.</translation>
    </message>
    <message>
        <source>Open this address</source>
        <translation>Diese Adresse öffnen</translation>
    </message>
    <message>
        <source>Other users can read the diary&apos;s folder. Fix its owner, then try again.</source>
        <translation>Andere Benutzer können den Ordner des Tagebuchs lesen. Korrigieren Sie den Besitzer, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Over the limit of {limit_s}: recording continues, unpaid.</source>
        <translation>Über dem Limit von {limit_s}: Die Aufzeichnung läuft weiter, unbezahlt.</translation>
    </message>
    <message>
        <source>Picture deleted. {seconds} of paid time removed.</source>
        <translation>Bild gelöscht. {seconds} bezahlte Zeit entfernt.</translation>
    </message>
    <message>
        <source>Receipt rejected: it proves something else. Your work is safe here.</source>
        <translation>Quittung abgelehnt: Sie beweist etwas anderes. Ihre Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>Receipt rejected: wrong time. Your work is safe here.</source>
        <translation>Quittung abgelehnt: falsche Zeit. Ihre Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>Recording failed and stopped. Your time until then is saved.</source>
        <translation>Die Aufzeichnung ist gescheitert und hat angehalten. Ihre Zeit bis dahin ist gespeichert.</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>S&amp;witch</source>
        <translation>&amp;Wechseln</translation>
    </message>
    <message>
        <source>Screenshots are allowed.</source>
        <translation>Bildschirmaufnahmen sind erlaubt.</translation>
    </message>
    <message>
        <source>Screenshots are blocked. Your time still counts; the record notes it.</source>
        <translation>Bildschirmaufnahmen sind gesperrt. Ihre Zeit zählt trotzdem; die Aufzeichnung vermerkt es.</translation>
    </message>
    <message>
        <source>Send a&amp;gain</source>
        <translation>Erneut &amp;senden</translation>
    </message>
    <message>
        <source>Signed out on this computer. Pending work is safe here, for your next sign-in.</source>
        <translation>Auf diesem Computer abgemeldet. Ausstehende Arbeit ist hier sicher, bis Sie sich wieder anmelden.</translation>
    </message>
    <message>
        <source>Some of this week&apos;s work is not paid.</source>
        <translation>Ein Teil der Arbeit dieser Woche wird nicht bezahlt.</translation>
    </message>
    <message>
        <source>Some work could not be signed. It is set aside on this computer.</source>
        <translation>Ein Teil der Arbeit konnte nicht signiert werden. Er liegt auf diesem Computer beiseite.</translation>
    </message>
    <message>
        <source>Some work is not on the disk yet. Switch once it is saved.</source>
        <translation>Ein Teil der Arbeit ist noch nicht auf dem Datenträger. Wechseln Sie, sobald er gespeichert ist.</translation>
    </message>
    <message>
        <source>Something did not work ({code}). Your saved work is safe on this computer.</source>
        <translation>Etwas hat nicht funktioniert ({code}). Ihre gespeicherte Arbeit ist auf diesem Computer sicher.</translation>
    </message>
    <message>
        <source>Start a&amp;gain</source>
        <translation>Erneut sta&amp;rten</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: the screen was locked. Your time is saved.</source>
        <translation>Um {at_ms} angehalten: Der Bildschirm wurde gesperrt. Ihre Zeit ist gespeichert.</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: this computer went to sleep. Your time is saved.</source>
        <translation>Um {at_ms} angehalten: Dieser Computer ging in den Ruhezustand. Ihre Zeit ist gespeichert.</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Keep these {seconds}?</source>
        <translation>Angehalten: keine Eingaben seit {at_ms}. Diese {seconds} behalten?</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Time until then is saved.</source>
        <translation>Angehalten: keine Eingaben seit {at_ms}. Die Zeit bis dahin ist gespeichert.</translation>
    </message>
    <message>
        <source>The answer redirects elsewhere and was not followed. Work is safe here.</source>
        <translation>Die Antwort leitet auf eine andere Adresse um; dem wurde nicht gefolgt. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The answer was incomplete. Work is safe here and is sent again.</source>
        <translation>Die Antwort war unvollständig. Die Arbeit ist hier sicher und wird erneut übertragen.</translation>
    </message>
    <message>
        <source>The answer was too long and was discarded. Work is safe here.</source>
        <translation>Die Antwort war zu lang und wurde verworfen. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The browser cannot reach Workdiary on this computer. Join with a code.</source>
        <translation>Der Browser erreicht Workdiary auf diesem Computer nicht. Treten Sie mit einem Code bei.</translation>
    </message>
    <message>
        <source>The clocks agree again. Recording can start.</source>
        <translation>Die Uhren stimmen wieder überein. Die Aufzeichnung kann beginnen.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Get a new one.</source>
        <translation>Der Code für den Beitritt ist unbekannt, verbraucht oder abgelaufen. Besorgen Sie einen neuen.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Put a new one into its file.</source>
        <translation>Der Code für den Beitritt ist unbekannt, verbraucht oder abgelaufen. Schreiben Sie einen neuen in dessen Datei.</translation>
    </message>
    <message>
        <source>The connection broke. Work is safe here and is sent again.</source>
        <translation>Die Verbindung ist abgebrochen. Die Arbeit ist hier sicher und wird erneut übertragen.</translation>
    </message>
    <message>
        <source>The contract has ended. Nothing is recorded.</source>
        <translation>Der Vertrag ist beendet. Nichts wird aufgezeichnet.</translation>
    </message>
    <message>
        <source>The contract is paused. Nothing is recorded.</source>
        <translation>Der Vertrag ruht. Nichts wird aufgezeichnet.</translation>
    </message>
    <message>
        <source>The contract&apos;s terms begin on {from_s}.</source>
        <translation>Die Vertragsbedingungen gelten ab {from_s}.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Recording continues in memory.</source>
        <translation>Der Ordner des Tagebuchs ist nicht beschreibbar. Die Aufzeichnung läuft im Arbeitsspeicher weiter.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Work recorded so far is saved.</source>
        <translation>Der Ordner des Tagebuchs ist nicht beschreibbar. Die bisher erfasste Arbeit ist gespeichert.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder is not writable. Check its permissions.</source>
        <translation>Der Ordner des Tagebuchs ist nicht beschreibbar. Prüfen Sie dessen Rechte.</translation>
    </message>
    <message>
        <source>The disk accepts no data. Recording continues in memory.</source>
        <translation>Der Datenträger nimmt keine Daten an. Die Aufzeichnung läuft im Arbeitsspeicher weiter.</translation>
    </message>
    <message>
        <source>The disk is full, so the diary cannot be opened. Free some space.</source>
        <translation>Der Datenträger ist voll, deshalb kann das Tagebuch nicht geöffnet werden. Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>The disk is full. Recording continues in memory. Free some space soon.</source>
        <translation>Der Datenträger ist voll. Die Aufzeichnung läuft im Arbeitsspeicher weiter. Schaffen Sie bald Platz.</translation>
    </message>
    <message>
        <source>The disk is full. Work recorded so far is saved.</source>
        <translation>Der Datenträger ist voll. Die bisher erfasste Arbeit ist gespeichert.</translation>
    </message>
    <message>
        <source>The disk reported an error, so the diary cannot be opened. Check the disk.</source>
        <translation>Der Datenträger meldete einen Fehler, deshalb kann das Tagebuch nicht geöffnet werden. Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>The disk reported an error. Recording continues as if offline. Check the disk.</source>
        <translation>Der Datenträger meldete einen Fehler. Die Aufzeichnung läuft wie offline weiter. Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>The disk reported an error. Work recorded so far is saved.</source>
        <translation>Der Datenträger meldete einen Fehler. Die bisher erfasste Arbeit ist gespeichert.</translation>
    </message>
    <message>
        <source>The disk works again. Your work is saved.</source>
        <translation>Der Datenträger funktioniert wieder. Ihre Arbeit ist gespeichert.</translation>
    </message>
    <message>
        <source>The file of your certificate authority cannot be used. Work is safe here.</source>
        <translation>Die Datei Ihrer Zertifizierungsstelle kann nicht verwendet werden. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The index was damaged and rebuilt from the files. Nothing is lost.</source>
        <translation>Der Index war beschädigt und wurde aus den Dateien neu erstellt. Es ist nichts verloren.</translation>
    </message>
    <message>
        <source>The keyring did not return the keys. Nothing was sent.</source>
        <translation>Der Schlüsselbund hat die Schlüssel nicht herausgegeben. Es wurde nichts übertragen.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Join again with a new --enrol-file.</source>
        <translation>Der Schlüsselbund hat die Schlüssel dieses Computers verloren. Treten Sie mit einer neuen --enrol-file neu bei.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sealed work is safe. Join again.</source>
        <translation>Der Schlüsselbund hat die Schlüssel dieses Computers verloren. Versiegelte Arbeit ist sicher. Treten Sie neu bei.</translation>
    </message>
    <message>
        <source>The keyring stayed locked. Nothing was changed.</source>
        <translation>Der Schlüsselbund blieb gesperrt. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>The log showed two different histories. Both are kept. Recording continues.</source>
        <translation>Das Log hat zwei verschiedene Verläufe gezeigt. Beide sind aufbewahrt. Die Aufzeichnung läuft weiter.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached.</source>
        <translation>Der Marktplatz ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached. The first start needs a connection.</source>
        <translation>Der Marktplatz ist nicht erreichbar. Der erste Start braucht eine Verbindung.</translation>
    </message>
    <message>
        <source>The marketplace did not accept the sign-in. This computer has not joined.</source>
        <translation>Der Marktplatz hat die Anmeldung nicht angenommen. Dieser Computer ist nicht beigetreten.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Keys are kept.</source>
        <translation>Der Marktplatz hat diesen Computer nicht angenommen. Die Schlüssel bleiben erhalten.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Put a new code into its file.</source>
        <translation>Der Marktplatz hat diesen Computer nicht angenommen. Schreiben Sie einen neuen Code in dessen Datei.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time. Work is safe here.</source>
        <translation>Der Marktplatz hat nicht rechtzeitig geantwortet. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The marketplace does not let this computer join. Ask for the reason, or try again.</source>
        <translation>Der Marktplatz lässt diesen Computer nicht beitreten. Fragen Sie nach dem Grund, oder versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The marketplace has no room for more pictures. Work is safe here.</source>
        <translation>Der Marktplatz hat keinen Platz für weitere Bilder. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The marketplace is busy. Work is safe here and is sent later.</source>
        <translation>Der Marktplatz ist ausgelastet. Die Arbeit ist hier sicher und wird später übertragen.</translation>
    </message>
    <message>
        <source>The marketplace is having problems. Work is safe here.</source>
        <translation>Der Marktplatz hat eine Störung. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The marketplace lacks work that your receipts prove. The receipts are kept.</source>
        <translation>Dem Marktplatz fehlt Arbeit, die Ihre Quittungen beweisen. Die Quittungen bleiben erhalten.</translation>
    </message>
    <message>
        <source>The marketplace lists work that is not yours. Yours is kept here and not sent.</source>
        <translation>Der Marktplatz führt Arbeit auf, die nicht von Ihnen ist. Ihre bleibt hier und wird nicht übertragen.</translation>
    </message>
    <message>
        <source>The marketplace lost work that it had received. It is sent again automatically.</source>
        <translation>Der Marktplatz hat bereits empfangene Arbeit verloren. Sie wird automatisch erneut übertragen.</translation>
    </message>
    <message>
        <source>The marketplace no longer accepts this computer. Work is safe here.</source>
        <translation>Der Marktplatz akzeptiert diesen Computer nicht mehr. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The marketplace refused an upload. The record is kept here.</source>
        <translation>Der Marktplatz hat eine Übertragung abgelehnt. Die Aufzeichnung bleibt hier erhalten.</translation>
    </message>
    <message>
        <source>The marketplace refused to let this computer join. Ask for the reason, or try again.</source>
        <translation>Der Marktplatz hat den Beitritt dieses Computers abgelehnt. Fragen Sie nach dem Grund, oder versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The marketplace reports a wrong time. It is ignored; your time is not affected.</source>
        <translation>Der Marktplatz meldet eine falsche Uhrzeit. Sie wird ignoriert; Ihre Zeit ist nicht betroffen.</translation>
    </message>
    <message>
        <source>The marketplace sent a change without a proof. It was refused.</source>
        <translation>Der Marktplatz hat eine Änderung ohne Beweis gesendet. Sie wurde abgelehnt.</translation>
    </message>
    <message>
        <source>The marketplace signs with another key. Nothing is sent, work is safe here.</source>
        <translation>Der Marktplatz signiert mit einem anderen Schlüssel. Es wird nichts übertragen, die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s address must begin with https. Nothing was sent.</source>
        <translation>Die Adresse des Marktplatzes muss mit https beginnen. Es wurde nichts übertragen.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s answer cannot be read. Work is safe here.</source>
        <translation>Die Antwort des Marktplatzes ist nicht lesbar. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s certificate is not trusted here. Nothing was sent.</source>
        <translation>Dem Zertifikat des Marktplatzes wird hier nicht vertraut. Es wurde nichts übertragen.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s clock is {off_s} off. Start again with this computer&apos;s clock.</source>
        <translation>Die Uhr des Marktplatzes weicht um {off_s} ab. Starten Sie neu mit der Uhr dieses Computers.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log could not be checked. Workdiary tries again. Work continues.</source>
        <translation>Das Log des Marktplatzes konnte nicht geprüft werden. Workdiary versucht es erneut. Die Arbeit geht weiter.</translation>
    </message>
    <message>
        <source>The memo is too long: at most {limit} characters.</source>
        <translation>Das Memo ist zu lang: höchstens {limit} Zeichen.</translation>
    </message>
    <message>
        <source>The network settings lack an address. Work is safe here.</source>
        <translation>In den Netzwerkeinstellungen fehlt eine Adresse. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy asks for a password. Work is safe here, not sent.</source>
        <translation>Der Proxy des Netzwerks verlangt ein Passwort. Die Arbeit ist hier sicher, aber nicht übertragen.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy did not connect to the marketplace. Work is safe here.</source>
        <translation>Der Proxy des Netzwerks hat keine Verbindung zum Marktplatz hergestellt. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The new version did not start. The earlier version continues.</source>
        <translation>Die neue Version ist nicht gestartet. Die vorherige läuft weiter.</translation>
    </message>
    <message>
        <source>The note is too long: at most {limit} characters.</source>
        <translation>Die Notiz ist zu lang: höchstens {limit} Zeichen.</translation>
    </message>
    <message>
        <source>The page may not have opened. If no browser shows it, copy its address into one.</source>
        <translation>Vielleicht wurde die Seite nicht geöffnet. Zeigt kein Browser sie, kopieren Sie ihre Adresse in einen.</translation>
    </message>
    <message>
        <source>The picture and its {seconds} are back.</source>
        <translation>Das Bild und seine {seconds} sind wieder da.</translation>
    </message>
    <message>
        <source>The picture could not be covered, so it was destroyed. Your time counts.</source>
        <translation>Das Bild konnte nicht abgedeckt werden, deshalb wurde es vernichtet. Ihre Zeit zählt.</translation>
    </message>
    <message>
        <source>The picture is already saved. Delete it in the diary.</source>
        <translation>Das Bild ist bereits gespeichert. Löschen Sie es im Tagebuch.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched. Work is safe here, not sent.</source>
        <translation>Das Proxy-Skript (PAC) kann nicht geladen werden. Die Arbeit ist hier sicher, aber nicht übertragen.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work. Work is safe here, not sent.</source>
        <translation>Das Proxy-Skript (PAC) funktioniert nicht. Die Arbeit ist hier sicher, aber nicht übertragen.</translation>
    </message>
    <message>
        <source>The proxy set on this computer does not answer. Work is safe here.</source>
        <translation>Der auf diesem Computer eingestellte Proxy antwortet nicht. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The proxy set on this computer has an unknown name. Work is safe here.</source>
        <translation>Der auf diesem Computer eingestellte Proxy hat einen unbekannten Namen. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>The recorder is still saving. You stay signed in. Nothing is lost.</source>
        <translation>Die Aufzeichnung wird noch gespeichert. Sie bleiben angemeldet. Es ist nichts verloren.</translation>
    </message>
    <message>
        <source>The sign-in was cancelled. This computer has not joined.</source>
        <translation>Die Anmeldung wurde abgebrochen. Dieser Computer ist nicht beigetreten.</translation>
    </message>
    <message>
        <source>The sign-in was not finished in the browser. This computer has not joined.</source>
        <translation>Die Anmeldung im Browser wurde nicht beendet. Dieser Computer ist nicht beigetreten.</translation>
    </message>
    <message>
        <source>The week is locked: memos and time stay as they are.</source>
        <translation>Die Woche ist abgeschlossen: Memos und Zeit bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet. Sign in to join.</source>
        <translation>Dieser Computer ist noch keinem Marktplatz beigetreten. Melden Sie sich an, um beizutreten.</translation>
    </message>
    <message>
        <source>This computer has not joined the marketplace yet.</source>
        <translation>Dieser Computer ist dem Marktplatz noch nicht beigetreten.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {off_s} behind the last known time. Set it, then start.</source>
        <translation>Die Uhr dieses Computers geht {off_s} gegenüber der letzten bekannten Zeit nach. Stellen Sie sie, und starten Sie dann.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock shows an impossible year. Set it, then start.</source>
        <translation>Die Uhr dieses Computers zeigt ein unmögliches Jahr. Stellen Sie sie, und starten Sie dann.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set ahead by {off_s}. Recording has stopped.</source>
        <translation>Die Uhr dieses Computers wurde um {off_s} vorgestellt. Die Aufzeichnung hat angehalten.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set back by {off_s}. Recording has stopped.</source>
        <translation>Die Uhr dieses Computers wurde um {off_s} zurückgestellt. Die Aufzeichnung hat angehalten.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set. Your time is not affected.</source>
        <translation>Die Uhr dieses Computers wurde gestellt. Ihre Zeit ist nicht betroffen.</translation>
    </message>
    <message>
        <source>This computer&apos;s key expires within 8 weeks. Renew it with a new code.</source>
        <translation>Der Schlüssel dieses Computers läuft in weniger als 8 Wochen ab. Erneuern Sie ihn mit einem neuen Code.</translation>
    </message>
    <message>
        <source>This contract is not known on this computer.</source>
        <translation>Dieser Vertrag ist auf diesem Computer nicht bekannt.</translation>
    </message>
    <message>
        <source>This drive cannot lock files. Keep the diary&apos;s folder on another drive.</source>
        <translation>Dieses Laufwerk kann keine Dateien sperren. Legen Sie den Ordner des Tagebuchs auf ein anderes.</translation>
    </message>
    <message>
        <source>This folder is a backup or copy. Work continues after the last upload. Nothing is lost.</source>
        <translation>Dieser Ordner ist eine Sicherung oder Kopie. Es geht nach der letzten Übertragung weiter. Es ist nichts verloren.</translation>
    </message>
    <message>
        <source>This marketplace has no sign-in in the browser. Join with a one-time code.</source>
        <translation>Dieser Marktplatz hat keine Anmeldung im Browser. Treten Sie mit einem Einmal-Code bei.</translation>
    </message>
    <message>
        <source>This network requires a sign-in first. Work is safe here.</source>
        <translation>Dieses Netzwerk verlangt zuerst eine Anmeldung. Die Arbeit ist hier sicher.</translation>
    </message>
    <message>
        <source>This segment number is already used by a different record. Nothing was overwritten.</source>
        <translation>Diese Segmentnummer gehört bereits zu einer anderen Aufzeichnung. Es wurde nichts überschrieben.</translation>
    </message>
    <message>
        <source>This week&apos;s limit of {limit_s} is reached. Recording stopped; your time is saved.</source>
        <translation>Das Wochenlimit von {limit_s} ist erreicht. Die Aufzeichnung hat angehalten; Ihre Zeit ist gespeichert.</translation>
    </message>
    <message>
        <source>To join, sign in to this network first. Workdiary then tries again by itself.</source>
        <translation>Melden Sie sich zuerst bei diesem Netzwerk an, um beizutreten. Danach versucht Workdiary es von selbst erneut.</translation>
    </message>
    <message>
        <source>To join, the marketplace must be reached. Workdiary tries again by itself.</source>
        <translation>Für den Beitritt muss der Marktplatz erreichbar sein. Workdiary versucht es von selbst erneut.</translation>
    </message>
    <message>
        <source>To join, the marketplace&apos;s address must begin with https.</source>
        <translation>Für den Beitritt muss die Adresse des Marktplatzes mit https beginnen.</translation>
    </message>
    <message>
        <source>Too late to undo: the picture and its time are deleted.</source>
        <translation>Zu spät für Rückgängig: Das Bild und seine Zeit sind gelöscht.</translation>
    </message>
    <message>
        <source>Too many pictures are waiting for upload. Start again once they are uploaded.</source>
        <translation>Zu viele Bilder warten auf die Übertragung. Starten Sie wieder, wenn sie übertragen sind.</translation>
    </message>
    <message>
        <source>Updates were refused: their signatures or dates are not valid. Nothing was changed.</source>
        <translation>Updates abgelehnt: Signaturen oder Daten sind ungültig. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Workdiary cannot use this kind of proxy. Work is safe here, not sent.</source>
        <translation>Workdiary kann diese Art von Proxy nicht verwenden. Die Arbeit ist hier sicher, aber nicht übertragen.</translation>
    </message>
    <message>
        <source>Workdiary could not open the page. Copy its address into a browser.</source>
        <translation>Workdiary konnte die Seite nicht öffnen. Kopieren Sie ihre Adresse in einen Browser.</translation>
    </message>
    <message>
        <source>Workdiary failed to start. Your saved work is safe.</source>
        <translation>Workdiary konnte nicht starten. Ihre gespeicherte Arbeit ist sicher.</translation>
    </message>
    <message>
        <source>Workdiary is already running with this folder. Nothing was changed.</source>
        <translation>Workdiary läuft bereits mit diesem Ordner. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>Write what you are working on first.</source>
        <translation>Schreiben Sie zuerst, woran Sie arbeiten.</translation>
    </message>
    <message>
        <source>You are signed out. Your other marketplace is open now.</source>
        <translation>Sie sind abgemeldet. Ihr anderer Marktplatz ist jetzt geöffnet.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} ahead of the marketplace. Recording is stopped.</source>
        <translation>Ihre Uhr geht gegenüber dem Marktplatz {off_s} vor. Die Aufzeichnung ist angehalten.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} behind the marketplace. Recording is stopped.</source>
        <translation>Ihre Uhr geht gegenüber dem Marktplatz {off_s} nach. Die Aufzeichnung ist angehalten.</translation>
    </message>
    <message>
        <source>Your desktop asks whether Workdiary may take screenshots.</source>
        <translation>Ihr Desktop fragt, ob Workdiary Bildschirmaufnahmen machen darf.</translation>
    </message>
    <message>
        <source>Your desktop did not answer the request for screenshots. Your time still counts.</source>
        <translation>Ihr Desktop hat die Anfrage nach Bildschirmaufnahmen nicht beantwortet. Ihre Zeit zählt trotzdem.</translation>
    </message>
    <message>
        <source>Your diary has entries up to {ahead_s} ahead of now. New time is added after them.</source>
        <translation>Ihr Tagebuch hat Einträge bis zu {ahead_s} in der Zukunft. Neue Zeit wird danach angefügt.</translation>
    </message>
    <message>
        <source>{percent} % of this week&apos;s limit is used: {used_s} of {limit_s}.</source>
        <translation>{percent}&#xa0;% des Wochenlimits sind verbraucht: {used_s} von {limit_s}.</translation>
    </message>
    <message>
        <source>{seconds} from before the interruption are in the diary.</source>
        <translation>{seconds} von vor der Unterbrechung sind im Tagebuch.</translation>
    </message>
    <message>
        <source>{seconds} of this week&apos;s work are unpaid. See why.</source>
        <translation>{seconds} der Arbeit dieser Woche sind unbezahlt. Sehen Sie, warum.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a key that is lost. They are set aside and not paid.</source>
        <translation>{seconds} wurden mit einem verlorenen Schlüssel aufgezeichnet. Sie liegen beiseite und werden nicht bezahlt.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a wrong clock. They are set aside, not paid.</source>
        <translation>{seconds} wurden mit einer falschen Uhr aufgezeichnet. Sie liegen beiseite, unbezahlt.</translation>
    </message>
    <message>
        <source>{seconds} without input are kept, with your note.</source>
        <translation>{seconds} ohne Eingaben bleiben erhalten, mit Ihrer Notiz.</translation>
    </message>
</context>
<context>
    <name>Notification</name>
    <message numerus="yes">
        <source>%n entries are waiting. They are safe on this computer.</source>
        <translation>
            <numerusform>%n Arbeitsabschnitt wartet. Er ist auf diesem Computer gespeichert.</numerusform>
            <numerusform>%n Arbeitsabschnitte warten. Sie sind auf diesem Computer gespeichert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new questions</source>
        <translation>
            <numerusform>%n neue Frage</numerusform>
            <numerusform>%n neue Fragen</numerusform>
        </translation>
    </message>
    <message>
        <source>A client has a question</source>
        <translation>Ein Auftraggeber hat eine Frage</translation>
    </message>
    <message>
        <source>Clock problem solved</source>
        <translation>Uhrproblem behoben</translation>
    </message>
    <message>
        <source>Disk problem</source>
        <translation>Problem mit dem Datenträger</translation>
    </message>
    <message>
        <source>Disk problem solved</source>
        <translation>Problem mit dem Datenträger behoben</translation>
    </message>
    <message>
        <source>New device</source>
        <translation>Neues Gerät</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Recording for {span} without a break.</source>
        <translation>Aufzeichnung seit {span} ohne Pause.</translation>
    </message>
    <message>
        <source>Recording paused</source>
        <translation>Aufzeichnung pausiert</translation>
    </message>
    <message>
        <source>Recording started</source>
        <translation>Aufzeichnung gestartet</translation>
    </message>
    <message>
        <source>Recording stopped</source>
        <translation>Aufzeichnung gestoppt</translation>
    </message>
    <message>
        <source>Recording stopped: clock problem</source>
        <translation>Aufzeichnung gestoppt: Problem mit der Uhr</translation>
    </message>
    <message>
        <source>Recording stopped: contract ended</source>
        <translation>Aufzeichnung gestoppt: Vertrag beendet</translation>
    </message>
    <message>
        <source>Recording stopped: contract paused</source>
        <translation>Aufzeichnung gestoppt: Vertrag ruht</translation>
    </message>
    <message>
        <source>Recording stopped: disk problem</source>
        <translation>Aufzeichnung gestoppt: Problem mit dem Datenträger</translation>
    </message>
    <message>
        <source>Recording stopped: error</source>
        <translation>Aufzeichnung gestoppt: Fehler</translation>
    </message>
    <message>
        <source>Recording stopped: no input</source>
        <translation>Aufzeichnung gestoppt: keine Eingaben</translation>
    </message>
    <message>
        <source>Recording stopped: screen locked</source>
        <translation>Aufzeichnung gestoppt: Bildschirm gesperrt</translation>
    </message>
    <message>
        <source>Recording stopped: this computer went to sleep</source>
        <translation>Aufzeichnung gestoppt: Computer im Ruhezustand</translation>
    </message>
    <message>
        <source>Recording stopped: too many pictures are waiting</source>
        <translation>Aufzeichnung gestoppt: zu viele Bilder warten</translation>
    </message>
    <message>
        <source>Recording stopped: weekly limit reached</source>
        <translation>Aufzeichnung gestoppt: Wochenlimit erreicht</translation>
    </message>
    <message>
        <source>Some work is not paid</source>
        <translation>Ein Teil der Arbeit ist unbezahlt</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Start recording?</source>
        <translation>Aufzeichnung starten?</translation>
    </message>
    <message>
        <source>Still recording</source>
        <translation>Die Aufzeichnung läuft noch</translation>
    </message>
    <message>
        <source>The marketplace has not answered for {span}. Your work is stored on this computer.</source>
        <translation>Der Marktplatz hat seit {span} nicht geantwortet. Ihre Arbeit ist auf diesem Computer gespeichert.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log has changed</source>
        <translation>Das Log des Marktplatzes hat sich geändert</translation>
    </message>
    <message>
        <source>Update ready</source>
        <translation>Update bereit</translation>
    </message>
    <message>
        <source>Uploading takes long</source>
        <translation>Die Übertragung dauert lange</translation>
    </message>
    <message>
        <source>Weekly limit almost reached</source>
        <translation>Wochenlimit fast erreicht</translation>
    </message>
    <message>
        <source>Weekly limit reached</source>
        <translation>Wochenlimit erreicht</translation>
    </message>
    <message>
        <source>You chose this time to be reminded. Contract: {contract}</source>
        <translation>Sie wollten jetzt erinnert werden. Vertrag: {contract}</translation>
    </message>
</context>
<context>
    <name>Number</name>
    <message>
        <source>{whole}.{tenths}</source>
        <comment>a decimal number</comment>
        <translation>{whole},{tenths}</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>&amp;Cover …</source>
        <translation>Abde&amp;cken …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Deleted, with its time.</source>
        <translation>Gelöscht, mit seiner Zeit.</translation>
    </message>
    <message>
        <source>Deleting removes {span} of paid time</source>
        <translation>Löschen entfernt {span} bezahlte Zeit</translation>
    </message>
    <message>
        <source>Deleting {cost}</source>
        <translation>Löschen {cost}</translation>
    </message>
    <message>
        <source>Hidden: do not disturb</source>
        <translation>Verborgen: Bitte nicht stören</translation>
    </message>
    <message>
        <source>Hidden: full screen</source>
        <translation>Verborgen: Vollbild</translation>
    </message>
    <message>
        <source>Hidden: screen is shared</source>
        <translation>Verborgen: Bildschirm wird geteilt</translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation>Letztes Bild</translation>
    </message>
    <message>
        <source>Last picture {time}</source>
        <translation>Letztes Bild {time}</translation>
    </message>
    <message>
        <source>No picture yet. No pictures are taken while paused.</source>
        <translation>Noch kein Bild. Während einer Pause werden keine Bilder aufgenommen.</translation>
    </message>
    <message>
        <source>No picture yet. Press Start to begin.</source>
        <translation>Noch kein Bild. Drücken Sie Start, um zu beginnen.</translation>
    </message>
    <message>
        <source>No picture: a hidden area could not be covered.</source>
        <translation>Kein Bild: Ein verborgener Bereich war nicht abdeckbar.</translation>
    </message>
    <message>
        <source>No picture: not possible on this desktop.</source>
        <translation>Kein Bild: auf diesem Desktop nicht möglich.</translation>
    </message>
    <message>
        <source>No picture: screenshots are blocked.</source>
        <translation>Kein Bild: Bildschirmaufnahmen sind gesperrt.</translation>
    </message>
    <message>
        <source>No picture: the screen was locked.</source>
        <translation>Kein Bild: Der Bildschirm war gesperrt.</translation>
    </message>
    <message>
        <source>No picture: the screenshot failed. Your time still counts.</source>
        <translation>Kein Bild: Die Aufnahme ist fehlgeschlagen. Ihre Zeit zählt trotzdem.</translation>
    </message>
    <message>
        <source>Not uploaded while you look</source>
        <translation>Wird noch nicht übertragen</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>Bild von {time}</translation>
    </message>
    <message>
        <source>Picture {time} deleted</source>
        <translation>Bild {time} gelöscht</translation>
    </message>
    <message numerus="yes">
        <source>Picture {time}, upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Bild {time}, noch %n&#xa0;s</numerusform>
            <numerusform>Bild {time}, noch %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Picture {time}, upload paused</source>
        <translation>Bild {time}, angehalten</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Übertragung in %n&#xa0;s</numerusform>
            <numerusform>Übertragung in %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Preview hidden</source>
        <translation>Vorschau verborgen</translation>
    </message>
    <message>
        <source>The next picture is taken at a random moment.</source>
        <translation>Das nächste Bild wird zu einem zufälligen Zeitpunkt aufgenommen.</translation>
    </message>
    <message>
        <source>This contract asks for no pictures.</source>
        <translation>Dieser Vertrag verlangt keine Bilder.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <comment>on a narrow line</comment>
        <translation>
            <numerusform>Noch %n&#xa0;s</numerusform>
            <numerusform>Noch %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You can undo this for %n&#xa0;s</source>
        <translation>
            <numerusform>Noch %n&#xa0;s lang rückgängig zu machen</numerusform>
            <numerusform>Noch %n&#xa0;s lang rückgängig zu machen</numerusform>
        </translation>
    </message>
    <message>
        <source>removes {span} of paid time</source>
        <translation>entfernt {span} bezahlte Zeit</translation>
    </message>
    <message>
        <source>{span} of paid time removed</source>
        <translation>{span} bezahlte Zeit entfernt</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Please confirm</source>
        <translation>Bitte bestätigen</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message numerus="yes">
        <source>%n questions of clients wait for an answer.</source>
        <translation>
            <numerusform>%n Frage von Auftraggebern wartet auf eine Antwort.</numerusform>
            <numerusform>%n Fragen von Auftraggebern warten auf eine Antwort.</numerusform>
        </translation>
    </message>
    <message>
        <source>(deleted)</source>
        <translation>(gelöscht)</translation>
    </message>
    <message>
        <source>Answer sent. The client can read it.</source>
        <translation>Antwort gesendet. Der Auftraggeber kann sie lesen.</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Kommentar</translation>
    </message>
    <message>
        <source>Dispute of {client}</source>
        <translation>Streitfall von {client}</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>Fr</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>Mo</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>Nächste Frage</translation>
    </message>
    <message>
        <source>Previous question</source>
        <translation>Vorherige Frage</translation>
    </message>
    <message>
        <source>Question from {client}</source>
        <translation>Frage von {client}</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>Sa</translation>
    </message>
    <message>
        <source>Send a&amp;nswer</source>
        <translation>A&amp;ntwort senden</translation>
    </message>
    <message>
        <source>Sending your answer …</source>
        <translation>Ihre Antwort wird gesendet …</translation>
    </message>
    <message>
        <source>Settled by the client</source>
        <translation>Vom Auftraggeber erledigt</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>So</translation>
    </message>
    <message>
        <source>The marketplace did not accept your answer. Send it again.</source>
        <translation>Der Marktplatz hat Ihre Antwort nicht angenommen. Senden Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The page in the browser shows all replies.</source>
        <translation>Die Seite im Browser zeigt alle Antworten.</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>Do</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>Di</translation>
    </message>
    <message>
        <source>Waits for your answer</source>
        <translation>Wartet auf Ihre Antwort</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>Mi</translation>
    </message>
    <message>
        <source>You, {when}</source>
        <translation>Sie, {when}</translation>
    </message>
    <message>
        <source>{name}, {when}</source>
        <translation>{name}, {when}</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>Ihre Antwort</translation>
    </message>
    <message>
        <source>Your answer is saved. It will be sent when online.</source>
        <translation>Ihre Antwort ist gespeichert. Sie wird gesendet, sobald eine Verbindung besteht.</translation>
    </message>
    <message>
        <source>{client} asks about {times}</source>
        <translation>{client} fragt zu {times}</translation>
    </message>
    <message>
        <source>{client} disputes {times}</source>
        <translation>{client} bestreitet {times}</translation>
    </message>
    <message>
        <source>{day} {start}–{end}</source>
        <translation>{day} {start}–{end}</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
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
            <numerusform>%n Eintrag wartet, auf diesem Computer sicher, Übertragung beim nächsten Start.</numerusform>
            <numerusform>%n Einträge warten, auf diesem Computer sicher, Übertragung beim nächsten Start.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Keep recording</source>
        <translation>&amp;Weiter aufzeichnen</translation>
    </message>
    <message>
        <source>&amp;Quit, lose unsaved work</source>
        <translation>&amp;Beenden, Ungesichertes verlieren</translation>
    </message>
    <message>
        <source>&amp;Stop and quit</source>
        <translation>&amp;Stoppen und beenden</translation>
    </message>
    <message>
        <source>Quit now?</source>
        <translation>Jetzt beenden?</translation>
    </message>
    <message>
        <source>Stop recording and quit?</source>
        <translation>Aufzeichnung stoppen und beenden?</translation>
    </message>
    <message>
        <source>The disk does not accept your latest work. Workdiary saves it as soon as the disk works again. If you quit before that, it is lost.</source>
        <translation>Der Datenträger nimmt Ihre letzte Arbeit nicht an. Workdiary speichert sie, sobald er wieder funktioniert. Beenden Sie vorher, geht sie verloren.</translation>
    </message>
    <message>
        <source>Your time up to now is saved on this computer.</source>
        <translation>Ihre Zeit bis jetzt ist auf diesem Computer gespeichert.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message numerus="yes">
        <source>%n&#xa0;s left to undo</source>
        <translation>
            <numerusform>Noch %n&#xa0;s für Rückgängig</numerusform>
            <numerusform>Noch %n&#xa0;s für Rückgängig</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Delete ({cost})</source>
        <translation>&amp;Löschen ({cost})</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>&amp;Einpassen</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Keep with %n areas covered</source>
        <translation>
            <numerusform>&amp;Behalten, %n Bereich abgedeckt</numerusform>
            <numerusform>&amp;Behalten, %n Bereiche abgedeckt</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Keep with 1 area covered</source>
        <translation>&amp;Behalten, 1 Bereich abgedeckt</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>Löschen &amp;rückgängig machen</translation>
    </message>
    <message numerus="yes">
        <source>Can be undone for %n&#xa0;s</source>
        <translation>
            <numerusform>Kann %n&#xa0;s lang rückgängig gemacht werden</numerusform>
            <numerusform>Kann %n&#xa0;s lang rückgängig gemacht werden</numerusform>
        </translation>
    </message>
    <message>
        <source>Cl&amp;ose</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message numerus="yes">
        <source>Cove&amp;r %n areas</source>
        <translation>
            <numerusform>%n Bereich abd&amp;ecken</numerusform>
            <numerusform>%n Bereiche abd&amp;ecken</numerusform>
        </translation>
    </message>
    <message>
        <source>Cove&amp;r 1 area</source>
        <translation>1 Bereich abd&amp;ecken</translation>
    </message>
    <message>
        <source>Cover an &amp;area</source>
        <translation>Bereich &amp;abdecken</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>Abgedeckt</translation>
    </message>
    <message>
        <source>Deleted, with its time</source>
        <translation>Gelöscht, mit seiner Zeit</translation>
    </message>
    <message>
        <source>Deleted. {span} of paid time removed.</source>
        <translation>Gelöscht. {span} bezahlte Zeit entfernt.</translation>
    </message>
    <message>
        <source>Held while this window is open</source>
        <translation>Angehalten, solange dieses Fenster offen ist</translation>
    </message>
    <message>
        <source>Keep &amp;without covers</source>
        <translation>&amp;Ohne Abdeckung behalten</translation>
    </message>
    <message>
        <source>Kept, not uploaded yet</source>
        <translation>Behalten, noch nicht übertragen</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>Das Bild wird geladen …</translation>
    </message>
    <message>
        <source>Or drag over the picture. The arrow keys move the area.</source>
        <translation>Oder ziehen Sie über das Bild. Die Pfeiltasten bewegen den Bereich.</translation>
    </message>
    <message>
        <source>Original size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>Picture {time}</source>
        <translation>Bild {time}</translation>
    </message>
    <message>
        <source>Picture {time} at full size</source>
        <translation>Bild {time} in voller Größe</translation>
    </message>
    <message>
        <source>Remove cover {number}, {width} × {height} pixels</source>
        <translation>Abdeckung {number} entfernen, {width} × {height} Pixel</translation>
    </message>
    <message>
        <source>Remove la&amp;st cover</source>
        <translation>Le&amp;tzte Abdeckung entfernen</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Stays on this computer</source>
        <translation>Bleibt auf diesem Computer</translation>
    </message>
    <message>
        <source>The areas are being covered</source>
        <translation>Die Bereiche werden abgedeckt</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>Das Bild ist nicht mehr auf diesem Computer.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Übertragung in %n&#xa0;s</numerusform>
            <numerusform>Übertragung in %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Uploaded when the current ten minutes have ended</source>
        <translation>Übertragung am Ende der aktuellen zehn Minuten</translation>
    </message>
    <message>
        <source>You can delete it in the diary</source>
        <translation>Sie können es im Tagebuch löschen</translation>
    </message>
    <message>
        <source>Your time stays; the client sees the covers.</source>
        <translation>Ihre Zeit bleibt; der Auftraggeber sieht die Abdeckungen.</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>A screen area in pixels: left, top, width and height</source>
        <translation>Ein Bildschirmbereich in Pixeln: links, oben, Breite und Höhe</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add application</source>
        <translation>Anwendung hinzufügen</translation>
    </message>
    <message>
        <source>Add area</source>
        <translation>Bereich hinzufügen</translation>
    </message>
    <message>
        <source>Add one that is open now</source>
        <translation>Eine gerade geöffnete hinzufügen</translation>
    </message>
    <message>
        <source>Add reminder</source>
        <translation>Erinnerung hinzufügen</translation>
    </message>
    <message numerus="yes">
        <source>After %n&#xa0;hours of recording</source>
        <translation>
            <numerusform>Nach %n&#xa0;Stunde Aufzeichnung</numerusform>
            <numerusform>Nach %n&#xa0;Stunden Aufzeichnung</numerusform>
        </translation>
    </message>
    <message>
        <source>All monitors</source>
        <translation>Alle Bildschirme</translation>
    </message>
    <message>
        <source>Ca&amp;pture</source>
        <translation>A&amp;ufnehmen</translation>
    </message>
    <message>
        <source>&amp;Check …</source>
        <translation>&amp;Prüfen …</translation>
    </message>
    <message>
        <source>&amp;Blur pictures</source>
        <translation>Bilder &amp;unscharf machen</translation>
    </message>
    <message>
        <source>&amp;Start Workdiary when you log in</source>
        <translation>Workdiary bei der Anmeldung &amp;starten</translation>
    </message>
    <message>
        <source>&amp;What is recorded</source>
        <translation>&amp;Was aufgezeichnet wird</translation>
    </message>
    <message>
        <source>Add application to show</source>
        <translation>Anwendung hinzufügen, die zu sehen ist</translation>
    </message>
    <message>
        <source>All but the hidden ones</source>
        <translation>Alle außer den verborgenen</translation>
    </message>
    <message>
        <source>Applications that pictures &amp;show</source>
        <translation>Anwendungen, die Bilder &amp;zeigen</translation>
    </message>
    <message>
        <source>Applications that pictures show</source>
        <translation>Anwendungen, die Bilder zeigen</translation>
    </message>
    <message>
        <source>Changes apply at once.</source>
        <translation>Änderungen gelten sofort.</translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation>Diesen Computer prüfen</translation>
    </message>
    <message>
        <source>Count &amp;key presses, clicks and scrolls</source>
        <translation>&amp;Tastendrücke, Klicks und Bildläufe zählen</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Hidden &amp;applications</source>
        <translation>Verborgene &amp;Anwendungen</translation>
    </message>
    <message>
        <source>Hidden applications</source>
        <translation>Verborgene Anwendungen</translation>
    </message>
    <message>
        <source>Hidden screen a&amp;reas</source>
        <translation>Verborgene &amp;Bildschirmbereiche</translation>
    </message>
    <message>
        <source>Hidden screen areas</source>
        <translation>Verborgene Bildschirmbereiche</translation>
    </message>
    <message>
        <source>It stays hidden during do not disturb, while another program fills the screen, and while the screen is shared, if the desktop reports that. Otherwise choose Hide previews in the tray&apos;s menu before you share your screen.</source>
        <translation>Sie bleibt verborgen bei „Bitte nicht stören“, während ein anderes Programm den Bildschirm füllt und während der Bildschirm geteilt wird, falls der Desktop das meldet. Wählen Sie sonst „Vorschauen verbergen“ im Menü des Infobereichs, bevor Sie Ihren Bildschirm teilen.</translation>
    </message>
    <message>
        <source>It opens its window then and records nothing before Start.</source>
        <translation>Es öffnet dann sein Fenster und zeichnet vor „Start“ nichts auf.</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Report …</source>
        <translation>&amp;Bericht …</translation>
    </message>
    <message>
        <source>&amp;Shortcut for Start and Stop</source>
        <translation>Tastenkürzel für Start und Sto&amp;pp</translation>
    </message>
    <message>
        <source>&amp;Time to check each picture</source>
        <translation>Zeit zur &amp;Prüfung jedes Bildes</translation>
    </message>
    <message>
        <source>&amp;Updates of Workdiary</source>
        <translation>&amp;Aktualisierungen von Workdiary</translation>
    </message>
    <message>
        <source>A change applies when Workdiary starts again.</source>
        <translation>Eine Änderung gilt, wenn Workdiary neu gestartet wird.</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>Alle Verträge</translation>
    </message>
    <message>
        <source>All contracts: only {names}. An application in this contract&apos;s list must be in that list too.</source>
        <translation>Alle Verträge: nur {names}. Eine Anwendung in der Liste dieses Vertrags muss auch in dieser Liste sein.</translation>
    </message>
    <message>
        <source>All contracts: {names}</source>
        <translation>Alle Verträge: {names}</translation>
    </message>
    <message>
        <source>Another program uses these keys. Choose others.</source>
        <translation>Ein anderes Programm verwendet diese Tasten. Wählen Sie andere.</translation>
    </message>
    <message>
        <source>Appearance and language</source>
        <translation>Darstellung und Sprache</translation>
    </message>
    <message>
        <source>As for all contracts</source>
        <translation>Wie für alle Verträge</translation>
    </message>
    <message>
        <source>As in the contract</source>
        <translation>Wie im Vertrag</translation>
    </message>
    <message>
        <source>It is uploaded after that, unless you delete it. A contract may give more time.</source>
        <translation>Danach wird es übertragen, wenn Sie es nicht löschen. Ein Vertrag kann mehr Zeit geben.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Light</source>
        <comment>strength of the blur</comment>
        <translation>Leicht</translation>
    </message>
    <message>
        <source>Lines and secondary texts get the colour of the text.</source>
        <translation>Linien und Nebentexte erhalten die Farbe des Textes.</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Locked by the administrator of this computer.</source>
        <translation>Von der Verwaltung dieses Computers gesperrt.</translation>
    </message>
    <message>
        <source>Locked by your organisation, {name}.</source>
        <translation>Von Ihrer Organisation gesperrt: {name}.</translation>
    </message>
    <message>
        <source>Medium</source>
        <comment>strength of the blur</comment>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>More co&amp;ntrast</source>
        <translation>Mehr &amp;Kontrast</translation>
    </message>
    <message>
        <source>Name of an application</source>
        <translation>Anwendung</translation>
    </message>
    <message>
        <source>Name of an application to show</source>
        <translation>Name einer Anwendung, die zu sehen ist</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no shortcut</comment>
        <translation>Keines</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no updates</comment>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Not blurred</source>
        <translation>Scharf</translation>
    </message>
    <message>
        <source>Not saved: {problem}. Applies until you quit.</source>
        <translation>Nicht gespeichert: {problem}. Gilt bis zum Beenden.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>On Wayland, pictures always show all monitors.</source>
        <translation>Unter Wayland zeigen Bilder immer alle Bildschirme.</translation>
    </message>
    <message>
        <source>Only those listed</source>
        <translation>Nur die aufgeführten</translation>
    </message>
    <message>
        <source>Previews too</source>
        <translation>Auch Vorabversionen</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufzeichnung</translation>
    </message>
    <message>
        <source>Remind me to &amp;start at</source>
        <translation>An den &amp;Start erinnern um</translation>
    </message>
    <message>
        <source>Remind me to take a &amp;break</source>
        <translation>An eine &amp;Pause erinnern</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>Erinnerungen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove application</source>
        <translation>Anwendung entfernen</translation>
    </message>
    <message>
        <source>Remove application to show</source>
        <translation>Anwendung entfernen, die zu sehen ist</translation>
    </message>
    <message>
        <source>Remove area</source>
        <translation>Bereich entfernen</translation>
    </message>
    <message>
        <source>Remove reminder</source>
        <translation>Erinnerung entfernen</translation>
    </message>
    <message>
        <source>Removes small details, so that text is hard to read. Cover what must stay secret. The client sees that pictures are blurred.</source>
        <translation>Entfernt kleine Einzelheiten, sodass Text schwer zu lesen ist. Decken Sie ab, was geheim bleiben muss. Der Auftraggeber sieht, dass Bilder unscharf sind.</translation>
    </message>
    <message>
        <source>Rules &amp;for</source>
        <translation>&amp;Regeln für</translation>
    </message>
    <message>
        <source>Rules for one contract add to those for all contracts: what either covers is covered.</source>
        <translation>Die Regeln eines Vertrags gelten zusätzlich zu denen für alle Verträge: Abgedeckt wird, was eine von beiden abdeckt.</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Wie System</translation>
    </message>
    <message>
        <source>Save a report for support</source>
        <translation>Bericht für den Support speichern</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <source>Saved. Applies at the next Start.</source>
        <translation>Gespeichert. Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Saved. Applies at your next login.</source>
        <translation>Gespeichert. Gilt ab der nächsten Anmeldung.</translation>
    </message>
    <message>
        <source>Saved. Applies from the next picture.</source>
        <translation>Gespeichert. Gilt ab dem nächsten Bild.</translation>
    </message>
    <message>
        <source>Saved. Applies when Workdiary starts again.</source>
        <translation>Gespeichert. Gilt, wenn Workdiary neu gestartet wird.</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Show a pre&amp;view when a picture is taken</source>
        <translation>&amp;Vorschau zeigen, wenn ein Bild aufgenommen wird</translation>
    </message>
    <message>
        <source>Show one that is open now</source>
        <translation>Eine gerade geöffnete zeigen</translation>
    </message>
    <message>
        <source>Stable versions</source>
        <translation>Stabile Versionen</translation>
    </message>
    <message>
        <source>Start or stop recording</source>
        <translation>Aufzeichnung starten oder stoppen</translation>
    </message>
    <message>
        <source>Strong</source>
        <comment>strength of the blur</comment>
        <translation>Stark</translation>
    </message>
    <message>
        <source>Start Workdiary when you log in.</source>
        <translation>Workdiary bei der Anmeldung starten.</translation>
    </message>
    <message>
        <source>Not changed: {problem}.</source>
        <translation>Nicht geändert: {problem}.</translation>
    </message>
    <message>
        <source>Tests pictures, input counts, the keyring, the tray and the connection.</source>
        <translation>Prüft Bilder, Eingaben, Schlüsselbund, Infobereich und Verbindung.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. Ask an administrator of this computer to correct it.</source>
        <translation>Die Richtlinie in {place} hat Fehler. Bitten Sie die Verwaltung dieses Computers, sie zu berichtigen.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. No pictures are taken until an administrator of this computer corrects it.</source>
        <translation>Die Richtlinie in {place} hat Fehler. Es werden keine Bilder aufgenommen, bis die Verwaltung dieses Computers sie berichtigt.</translation>
    </message>
    <message>
        <source>The policy in {place} sets “{row}”. Only an administrator of this computer can change it.</source>
        <translation>Die Richtlinie in {place} legt „{row}“ fest. Nur die Verwaltung dieses Computers kann das ändern.</translation>
    </message>
    <message>
        <source>This desktop has no start at login.</source>
        <translation>Dieser Desktop bietet keinen Start bei der Anmeldung.</translation>
    </message>
    <message>
        <source>Start at login is unknown: {problem}.</source>
        <translation>Start bei der Anmeldung unbekannt: {problem}.</translation>
    </message>
    <message>
        <source>The administrator of this computer requires at least {span}.</source>
        <translation>Die Verwaltung dieses Computers verlangt mindestens {span}.</translation>
    </message>
    <message>
        <source>The checks, the settings and the log, without personal data. You see all of it before it is saved.</source>
        <translation>Die Prüfungen, die Einstellungen und das Protokoll, ohne persönliche Daten. Sie sehen alles vor dem Speichern.</translation>
    </message>
    <message>
        <source>The desktop did not allow the shortcut.</source>
        <translation>Der Desktop hat das Tastenkürzel nicht erlaubt.</translation>
    </message>
    <message>
        <source>The desktop does not let Workdiary start at login.</source>
        <translation>Der Desktop lässt den Start bei der Anmeldung nicht zu.</translation>
    </message>
    <message>
        <source>The desktop has set: {keys}</source>
        <translation>Der Desktop hat festgelegt: {keys}</translation>
    </message>
    <message>
        <source>The lists below could not be read. No pictures are taken until you confirm them.</source>
        <translation>Die Listen unten konnten nicht gelesen werden. Bis Sie sie bestätigen, werden keine Bilder aufgenommen.</translation>
    </message>
    <message>
        <source>The monitor with the pointer</source>
        <translation>Den Bildschirm mit dem Mauszeiger</translation>
    </message>
    <message>
        <source>The shortcut does not work on this desktop.</source>
        <translation>Das Tastenkürzel funktioniert auf diesem Desktop nicht.</translation>
    </message>
    <message>
        <source>Their windows are covered before a picture is saved, and the record notes it. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>Deren Fenster werden abgedeckt, bevor ein Bild gespeichert wird, und die Aufzeichnung vermerkt es. Meldet der Desktop nicht, wo Fenster sind, wie unter Wayland, werden keine Bilder aufgenommen.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
    <message>
        <source>This desktop does not offer shortcuts to programs.</source>
        <translation>Dieser Desktop gibt Programmen kein Tastenkürzel.</translation>
    </message>
    <message>
        <source>This keyboard lacks that key. Choose another one.</source>
        <translation>Dieser Tastatur fehlt diese Taste. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>Time of day</source>
        <translation>Uhrzeit</translation>
    </message>
    <message>
        <source>Times of the reminders to start</source>
        <translation>Zeiten der Erinnerungen an den Start</translation>
    </message>
    <message>
        <source>Use Ctrl, Alt or Meta with a letter A to Z, a digit, an arrow or F1 to F24. Ctrl+Alt+F1 to F24 belong to the system.</source>
        <translation>Verwenden Sie Strg, Alt oder Meta mit einem Buchstaben von A bis Z, einer Ziffer, einem Pfeil oder F1 bis F24. Strg+Alt+F1 bis F24 gehören dem System.</translation>
    </message>
    <message>
        <source>Use the lists as shown</source>
        <translation>Gezeigte Listen verwenden</translation>
    </message>
    <message>
        <source>W&amp;indows in pictures</source>
        <translation>&amp;Fenster in Bildern</translation>
    </message>
    <message>
        <source>When off, only the seconds with input are recorded, if the system reports them. Takes effect at the next Start.</source>
        <translation>Ausgeschaltet werden nur die Sekunden mit Eingaben aufgezeichnet, wenn das System sie meldet. Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>With “Only those listed” everything else is covered, also the desktop and a listed window that moves at that moment. The client sees that only chosen applications are shown, not which. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>Mit „Nur die aufgeführten“ wird alles andere abgedeckt, auch der Desktop und ein aufgeführtes Fenster, das sich gerade bewegt. Der Auftraggeber sieht, dass nur gewählte Anwendungen zu sehen sind, aber nicht welche. Meldet der Desktop nicht, wo Fenster sind, wie unter Wayland, werden keine Bilder aufgenommen.</translation>
    </message>
    <message>
        <source>Works in every program. Press the keys here; Delete removes the shortcut.</source>
        <translation>Funktioniert in jedem Programm. Drücken Sie hier die Tasten; Entf entfernt das Tastenkürzel.</translation>
    </message>
    <message>
        <source>Works only on desktops with X11 or Wayland.</source>
        <translation>Funktioniert nur auf Desktops mit X11 oder Wayland.</translation>
    </message>
    <message>
        <source>e.g. 09:00</source>
        <translation>z.&#xa0;B. 09:00</translation>
    </message>
    <message>
        <source>e.g. 1920,0 640x480</source>
        <translation>z.&#xa0;B. 1920,0 640x480</translation>
    </message>
</context>
<context>
    <name>SignOut</name>
    <message numerus="yes">
        <source>%n waiting: work that cannot be uploaded now stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>
            <numerusform>%n Eintrag wartet: Was jetzt nicht übertragen werden kann, bleibt auf diesem Computer sicher und wird nach Ihrer nächsten Anmeldung übertragen.</numerusform>
            <numerusform>%n Einträge warten: Was jetzt nicht übertragen werden kann, bleibt auf diesem Computer sicher und wird nach Ihrer nächsten Anmeldung übertragen.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Sign out</source>
        <translation>&amp;Abmelden</translation>
    </message>
    <message>
        <source>Current work is saved, pending work is uploaded, and this computer&apos;s keys are destroyed. To record here again, sign in with a new code.</source>
        <translation>Die laufende Arbeit wird gespeichert, ausstehende Arbeit übertragen, und die Schlüssel dieses Computers werden vernichtet. Um hier wieder aufzuzeichnen, melden Sie sich mit einem neuen Code an.</translation>
    </message>
    <message>
        <source>Sign out of {marketplace} on this computer?</source>
        <translation>Auf diesem Computer bei {marketplace} abmelden?</translation>
    </message>
    <message>
        <source>Stay signed &amp;in</source>
        <translation>Angemeldet &amp;bleiben</translation>
    </message>
</context>
<context>
    <name>Span</name>
    <message numerus="yes">
        <source>%n&#xa0;days</source>
        <comment>days</comment>
        <translation>
            <numerusform>%n&#xa0;Tag</numerusform>
            <numerusform>%n&#xa0;Tage</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n&#xa0;h</source>
        <comment>hours</comment>
        <translation>
            <numerusform>%n&#xa0;h</numerusform>
            <numerusform>%n&#xa0;h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n&#xa0;min</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n&#xa0;min</numerusform>
            <numerusform>%n&#xa0;min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n&#xa0;s</source>
        <comment>seconds</comment>
        <translation>
            <numerusform>%n&#xa0;s</numerusform>
            <numerusform>%n&#xa0;s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Support</name>
    <message numerus="yes">
        <source>%n files, {size}</source>
        <translation>
            <numerusform>%n Datei, {size}</numerusform>
            <numerusform>%n Dateien, {size}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Save …</source>
        <translation>S&amp;peichern …</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Content of the file</source>
        <translation>Inhalt der Datei</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Not saved: {reason}. Choose another place.</source>
        <translation>Nicht gespeichert: {reason}. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>Report for support</source>
        <translation>Bericht für den Support</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation>Gespeichert: {file}</translation>
    </message>
    <message>
        <source>The report could not be collected.</source>
        <translation>Der Bericht konnte nicht zusammengestellt werden.</translation>
    </message>
    <message>
        <source>The report could not be saved.</source>
        <translation>Der Bericht konnte nicht gespeichert werden.</translation>
    </message>
    <message>
        <source>The report is being collected …</source>
        <translation>Der Bericht wird zusammengestellt …</translation>
    </message>
    <message>
        <source>This is all that the report contains. It is saved where you choose and sent to no one.</source>
        <translation>Dies ist alles, was der Bericht enthält. Er wird gespeichert, wo Sie es wählen, und niemandem gesendet.</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Picture taken</source>
        <translation>Bild aufgenommen</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Contract</source>
        <translation>&amp;Vertrag</translation>
    </message>
    <message>
        <source>&amp;Diary, today {today}</source>
        <translation>&amp;Tagebuch, heute {today}</translation>
    </message>
    <message>
        <source>&amp;Hide previews</source>
        <translation>&amp;Vorschauen verbergen</translation>
    </message>
    <message>
        <source>&amp;Keep picture</source>
        <translation>Bild be&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Marketplace</source>
        <translation>Mar&amp;ktplatz</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Show or cover …</source>
        <translation>An&amp;sehen oder abdecken …</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>Löschen &amp;rückgängig machen</translation>
    </message>
    <message>
        <source>&amp;Web diary</source>
        <translation>&amp;Web-Tagebuch</translation>
    </message>
    <message>
        <source>Dele&amp;te picture ({cost})</source>
        <translation>Bild &amp;löschen ({cost})</translation>
    </message>
    <message>
        <source>Last picture {time} …</source>
        <translation>Letztes Bild {time} …</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>Keine Aufzeichnung</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Paused, no input</source>
        <translation>Pausiert, keine Eingaben</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufzeichnung läuft</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>&amp;Einstellungen</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>Ab&amp;melden …</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Week {week}</source>
        <translation>Woche {week}</translation>
    </message>
    <message>
        <source>Week {week} of {limit}</source>
        <translation>Woche {week} von {limit}</translation>
    </message>
    <message>
        <source>demo</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>offline</translation>
    </message>
    <message>
        <source>{time} today</source>
        <translation>heute {time}</translation>
    </message>
</context>
<context>
    <name>Update</name>
    <message>
        <source>Workdiary {version} is ready for the next start.</source>
        <translation>Workdiary {version} ist bereit für den nächsten Start.</translation>
    </message>
</context>
<context>
    <name>Week</name>
    <message numerus="yes">
        <source>%n checked: no errors</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n Abschnitt geprüft: keine Fehler</numerusform>
            <numerusform>%n Abschnitte geprüft: keine Fehler</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not in the log yet: left out.</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n Abschnitt ist noch nicht im Log und fehlt hier.</numerusform>
            <numerusform>%n Abschnitte sind noch nicht im Log und fehlen hier.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n parts are missing on this computer.</source>
        <translation>
            <numerusform>%n Teil fehlt auf diesem Computer.</numerusform>
            <numerusform>%n Teile fehlen auf diesem Computer.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of this week is in the log yet</source>
        <translation>Von dieser Woche ist noch nichts im Log</translation>
    </message>
    <message>
        <source>Save the week&apos;s record</source>
        <translation>Aufzeichnung der Woche speichern</translation>
    </message>
    <message>
        <source>Saved as {file}. Anyone can check it with workdiary-verify.</source>
        <translation>Gespeichert als {file}. Jeder kann die Datei mit workdiary-verify prüfen.</translation>
    </message>
    <message>
        <source>The check found errors</source>
        <translation>Die Prüfung hat Fehler gefunden</translation>
    </message>
    <message>
        <source>The week&apos;s record</source>
        <translation>Die Aufzeichnung der Woche</translation>
    </message>
    <message>
        <source>The week&apos;s record could not be written</source>
        <translation>Die Aufzeichnung der Woche konnte nicht geschrieben werden</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source> memo, activity</source>
        <translation> Memo, Aktivität</translation>
    </message>
    <message>
        <source> memo, activity, picture</source>
        <translation> Memo, Aktivität, Bild</translation>
    </message>
    <message>
        <source> slot not protected</source>
        <translation> ungeschützt</translation>
    </message>
    <message numerus="yes">
        <source>%n active</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n aktiv</numerusform>
            <numerusform>%n aktiv</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>notices</comment>
        <translation>
            <numerusform>%n weitere</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need attention</source>
        <comment>notices</comment>
        <translation>
            <numerusform>%n erfordert Ihr Zutun</numerusform>
            <numerusform>%n erfordern Ihr Zutun</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not measured</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n nicht gemessen</numerusform>
            <numerusform>%n nicht gemessen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not recorded</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n nicht aufgezeichnet</numerusform>
            <numerusform>%n nicht aufgezeichnet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n set aside</source>
        <comment>pieces of work</comment>
        <translation>
            <numerusform>%n beiseitegelegt</numerusform>
            <numerusform>%n beiseitegelegt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, safe on this computer</source>
        <translation>
            <numerusform>%n wartet, auf diesem Computer sicher</numerusform>
            <numerusform>%n warten, auf diesem Computer sicher</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, some not on disk yet</source>
        <translation>
            <numerusform>%n wartet, teils noch nicht gespeichert</numerusform>
            <numerusform>%n warten, teils noch nicht gespeichert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without input</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n ohne Eingaben</numerusform>
            <numerusform>%n ohne Eingaben</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>Weiter &amp;wie bisher</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Start</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Stopp</translation>
    </message>
    <message>
        <source>&amp;Switch contract</source>
        <translation>&amp;Vertrag wechseln</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>A&amp;nsehen</translation>
    </message>
    <message>
        <source>&amp;View and cover</source>
        <translation>A&amp;nsehen, abdecken</translation>
    </message>
    <message>
        <source>Accept a contract at the marketplace first</source>
        <translation>Nehmen Sie zuerst einen Vertrag an</translation>
    </message>
    <message>
        <source>All sent</source>
        <translation>Alles übertragen</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>Vertrag</translation>
    </message>
    <message>
        <source>Contracts appear here</source>
        <translation>Hier erscheinen Verträge</translation>
    </message>
    <message>
        <source>Current ten minutes</source>
        <translation>Aktuelle zehn Minuten</translation>
    </message>
    <message numerus="yes">
        <source>Demo at %nx speed. Nothing is billed.</source>
        <translation>
            <numerusform>Demo mit %n-facher Geschwindigkeit. Nichts wird berechnet.</numerusform>
            <numerusform>Demo mit %n-facher Geschwindigkeit. Nichts wird berechnet.</numerusform>
        </translation>
    </message>
    <message>
        <source>Demo. Nothing is billed.</source>
        <translation>Demo. Nichts wird berechnet.</translation>
    </message>
    <message>
        <source>Diar&amp;y</source>
        <translation>&amp;Tagebuch</translation>
    </message>
    <message>
        <source>From now on, time counts for {client}. The time up to now stays on {current}.</source>
        <translation>Ab jetzt zählt die Zeit für {client}. Die Zeit bis jetzt bleibt bei {current}.</translation>
    </message>
    <message>
        <source>Input not measured:</source>
        <translation>Eingaben nicht gemessen:</translation>
    </message>
    <message>
        <source>Joining the marketplace</source>
        <translation>Beitritt zum Marktplatz</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>Memo</translation>
    </message>
    <message>
        <source>Memos that you have used appear here</source>
        <translation>Hier erscheinen Ihre bisherigen Memos</translation>
    </message>
    <message>
        <source>Minutes: {list}</source>
        <translation>Minuten: {list}</translation>
    </message>
    <message>
        <source>No contract yet</source>
        <translation>Noch kein Vertrag</translation>
    </message>
    <message>
        <source>No input,
time does not count</source>
        <translation>Keine Eingaben,
Zeit zählt nicht</translation>
    </message>
    <message>
        <source>No memo yet:</source>
        <translation>Noch kein Memo:</translation>
    </message>
    <message>
        <source>No picture:</source>
        <translation>Kein Bild:</translation>
    </message>
    <message>
        <source>Not ready to record</source>
        <translation>Nicht bereit zur Aufzeichnung</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>Keine Aufzeichnung</translation>
    </message>
    <message>
        <source>Nothing is recorded until you resume</source>
        <translation>Nichts wird aufgezeichnet, bis Sie fortsetzen</translation>
    </message>
    <message>
        <source>Nothing is recorded until you start again</source>
        <translation>Keine Aufzeichnung, bis Sie neu starten</translation>
    </message>
    <message>
        <source>Nothing to send yet</source>
        <translation>Noch nichts zu senden</translation>
    </message>
    <message numerus="yes">
        <source>Offline, %n safe here</source>
        <translation>
            <numerusform>Offline, %n sicher</numerusform>
            <numerusform>Offline, %n sicher</numerusform>
        </translation>
    </message>
    <message>
        <source>Offline, all sent</source>
        <translation>Offline, alles übertragen</translation>
    </message>
    <message>
        <source>Opening the diary</source>
        <translation>Das Tagebuch wird geöffnet</translation>
    </message>
    <message>
        <source>Over the limit:</source>
        <translation>Über dem Limit:</translation>
    </message>
    <message>
        <source>Paused at {time},
time does not count</source>
        <translation>Pausiert um {time},
Zeit zählt nicht</translation>
    </message>
    <message>
        <source>Protected time has a memo, measured activity and its pictures, and is within the weekly limit.</source>
        <translation>Geschützte Zeit hat ein Memo, gemessene Aktivität und ihre Bilder und liegt innerhalb des Wochenlimits.</translation>
    </message>
    <message>
        <source>Protected:</source>
        <translation>Geschützt:</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <translation>Startbereit</translation>
    </message>
    <message>
        <source>Recent memos</source>
        <translation>Letzte Memos</translation>
    </message>
    <message>
        <source>Recent memos (Down)</source>
        <translation>Letzte Memos (Pfeil nach unten)</translation>
    </message>
    <message>
        <source>Record on {contract} from now on?</source>
        <translation>Ab jetzt für {contract} aufzeichnen?</translation>
    </message>
    <message>
        <source>Recording
since {time}</source>
        <translation>Aufzeichnung
seit {time}</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>Sent, not yet confirmed</source>
        <translation>Gesendet, noch nicht bestätigt</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Shows what was recorded today, to change or delete it</source>
        <translation>Zeigt, was heute aufgezeichnet wurde, um es zu ändern oder zu löschen</translation>
    </message>
    <message>
        <source>Signing out, uploading pending work</source>
        <translation>Abmeldung, ausstehende Arbeit wird übertragen</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>This takes a few seconds at most</source>
        <translation>Das dauert höchstens wenige Sekunden</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>Diese Woche</translation>
    </message>
    <message>
        <source>Today {time}</source>
        <translation>Heute {time}</translation>
    </message>
    <message>
        <source>Try &amp;now</source>
        <translation>Verbin&amp;den</translation>
    </message>
    <message>
        <source>Waiting for the keyring. Is its dialog open?</source>
        <translation>Wartet auf Schlüsselbund. Dialog offen?</translation>
    </message>
    <message>
        <source>Week {time}</source>
        <translation>Woche {time}</translation>
    </message>
    <message>
        <source>Week {time} of {limit}</source>
        <translation>Woche {time} von {limit}</translation>
    </message>
    <message>
        <source>Week {time} of {limit}, {left} left</source>
        <translation>Woche {time} von {limit}, noch {left}</translation>
    </message>
    <message>
        <source>What are you working on?</source>
        <translation>Woran arbeiten Sie?</translation>
    </message>
    <message>
        <source>Write a memo, then press Start</source>
        <translation>Schreiben Sie ein Memo, drücken Sie Start</translation>
    </message>
    <message>
        <source>{marketplace}: a demo, nothing is billed</source>
        <translation>{marketplace}: Demo, keine Abrechnung</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
</context>
</TS>
