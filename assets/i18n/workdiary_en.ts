<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Consent</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>a span</comment>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Pictures of the whole screen, %n every ten minutes, at a random moment.</source>
        <comment>number of pictures</comment>
        <translation>
            <numerusform>Pictures of the whole screen, %n every ten minutes, at a random moment.</numerusform>
            <numerusform>Pictures of the whole screen, %n every ten minutes, at random moments.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Data</name>
    <message numerus="yes">
        <source>%n changes of memos and deletions have not reached the marketplace either.</source>
        <translation>
            <numerusform>%n change of a memo or deletion has not reached the marketplace either.</numerusform>
            <numerusform>%n changes of memos and deletions have not reached the marketplace either.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting, {size}. Safe on this computer.</source>
        <translation>
            <numerusform>%n entry waiting, {size}. Safe on this computer.</numerusform>
            <numerusform>%n entries waiting, {size}. Safe on this computer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings ended unexpectedly and are not saved yet. Their time is lost too.</source>
        <translation>
            <numerusform>%n recording ended unexpectedly and is not saved yet. Its time is lost too.</numerusform>
            <numerusform>%n recordings ended unexpectedly and are not saved yet. Their time is lost too.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The marketplace refused %n entries.</source>
        <translation>
            <numerusform>The marketplace refused %n entry.</numerusform>
            <numerusform>The marketplace refused %n entries.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Day</name>
    <message numerus="yes">
        <source>%n clicks</source>
        <translation>
            <numerusform>%n click</numerusform>
            <numerusform>%n clicks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Undo (%n&#xa0;s)</source>
        <translation>
            <numerusform>&amp;Undo (%n&#xa0;s)</numerusform>
            <numerusform>&amp;Undo (%n&#xa0;s)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message numerus="yes">
        <source>Needs attention: %n</source>
        <comment>a number of lines</comment>
        <translation>
            <numerusform>Needs attention: %n</numerusform>
            <numerusform>Need attention: %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Marketplaces</name>
    <message numerus="yes">
        <source>%n entries are waiting for {marketplace}.</source>
        <translation>
            <numerusform>%n entry is waiting for {marketplace}.</numerusform>
            <numerusform>%n entries are waiting for {marketplace}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. Switch to it to finish them.</source>
        <translation>
            <numerusform>%n entry waiting. Switch to it to finish it.</numerusform>
            <numerusform>%n entries waiting. Switch to it to finish them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. They could not be uploaded yet.</source>
        <translation>
            <numerusform>%n entry waiting. It could not be uploaded yet.</numerusform>
            <numerusform>%n entries waiting. They could not be uploaded yet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Notification</name>
    <message numerus="yes">
        <source>%n entries are waiting. They are safe on this computer.</source>
        <translation>
            <numerusform>%n entry is waiting. It is safe on this computer.</numerusform>
            <numerusform>%n entries are waiting. They are safe on this computer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new questions</source>
        <translation>
            <numerusform>%n new question</numerusform>
            <numerusform>%n new questions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message numerus="yes">
        <source>Picture {time}, upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Picture {time}, upload in %n&#xa0;s</numerusform>
            <numerusform>Picture {time}, upload in %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Upload in %n&#xa0;s</numerusform>
            <numerusform>Upload in %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <comment>on a narrow line</comment>
        <translation>
            <numerusform>Upload in %n&#xa0;s</numerusform>
            <numerusform>Upload in %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You can undo this for %n&#xa0;s</source>
        <translation>
            <numerusform>You can undo this for %n&#xa0;s</numerusform>
            <numerusform>You can undo this for %n&#xa0;s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message numerus="yes">
        <source>%n questions of clients wait for an answer.</source>
        <translation>
            <numerusform>%n question of a client waits for an answer.</numerusform>
            <numerusform>%n questions of clients wait for an answer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Quit</name>
    <message numerus="yes">
        <source>%n waiting, safe on this computer, uploaded at the next start.</source>
        <translation>
            <numerusform>%n waiting, safe on this computer, uploaded at the next start.</numerusform>
            <numerusform>%n waiting, safe on this computer, uploaded at the next start.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message numerus="yes">
        <source>%n&#xa0;s left to undo</source>
        <translation>
            <numerusform>%n&#xa0;s left to undo</numerusform>
            <numerusform>%n&#xa0;s left to undo</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Keep with %n areas covered</source>
        <translation>
            <numerusform>&amp;Keep with %n area covered</numerusform>
            <numerusform>&amp;Keep with %n areas covered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Can be undone for %n&#xa0;s</source>
        <translation>
            <numerusform>Can be undone for %n&#xa0;s</numerusform>
            <numerusform>Can be undone for %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cove&amp;r %n areas</source>
        <translation>
            <numerusform>Cove&amp;r %n area</numerusform>
            <numerusform>Cove&amp;r %n areas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Upload in %n&#xa0;s</numerusform>
            <numerusform>Upload in %n&#xa0;s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message numerus="yes">
        <source>After %n&#xa0;hours of recording</source>
        <translation>
            <numerusform>After %n&#xa0;hour of recording</numerusform>
            <numerusform>After %n&#xa0;hours of recording</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SignOut</name>
    <message numerus="yes">
        <source>%n waiting: work that cannot be uploaded now stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>
            <numerusform>%n waiting: work that cannot be uploaded now stays safe on this computer and is uploaded after your next sign-in.</numerusform>
            <numerusform>%n waiting: work that cannot be uploaded now stays safe on this computer and is uploaded after your next sign-in.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Span</name>
    <message numerus="yes">
        <source>%n&#xa0;days</source>
        <comment>days</comment>
        <translation>
            <numerusform>%n&#xa0;day</numerusform>
            <numerusform>%n&#xa0;days</numerusform>
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
            <numerusform>%n file, {size}</numerusform>
            <numerusform>%n files, {size}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Week</name>
    <message numerus="yes">
        <source>%n checked: no errors</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n checked: no errors</numerusform>
            <numerusform>%n checked: no errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not in the log yet: left out.</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n not in the log yet: left out.</numerusform>
            <numerusform>%n not in the log yet: left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n parts are missing on this computer.</source>
        <translation>
            <numerusform>%n part is missing on this computer.</numerusform>
            <numerusform>%n parts are missing on this computer.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message numerus="yes">
        <source>%n active</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n active</numerusform>
            <numerusform>%n active</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>notices</comment>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need attention</source>
        <comment>notices</comment>
        <translation>
            <numerusform>%n needs attention</numerusform>
            <numerusform>%n need attention</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not measured</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n not measured</numerusform>
            <numerusform>%n not measured</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not recorded</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n not recorded</numerusform>
            <numerusform>%n not recorded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n set aside</source>
        <comment>pieces of work</comment>
        <translation>
            <numerusform>%n set aside</numerusform>
            <numerusform>%n set aside</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, safe on this computer</source>
        <translation>
            <numerusform>%n waiting, safe on this computer</numerusform>
            <numerusform>%n waiting, safe on this computer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, some not on disk yet</source>
        <translation>
            <numerusform>%n waiting, some not on disk yet</numerusform>
            <numerusform>%n waiting, some not on disk yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without input</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n without input</numerusform>
            <numerusform>%n without input</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Demo at %nx speed. Nothing is billed.</source>
        <translation>
            <numerusform>Demo at %nx speed. Nothing is billed.</numerusform>
            <numerusform>Demo at %nx speed. Nothing is billed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Offline, %n safe here</source>
        <translation>
            <numerusform>Offline, %n safe here</numerusform>
            <numerusform>Offline, %n safe here</numerusform>
        </translation>
    </message>
</context>
</TS>
