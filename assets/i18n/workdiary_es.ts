<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Closing</name>
    <message>
        <source>Recording continues. Workdiary is in the system tray: its icon opens the window and its menu stops recording.</source>
        <translation>La grabación continúa. Workdiary está en la bandeja del sistema: su icono abre la ventana y su menú detiene la grabación.</translation>
    </message>
    <message>
        <source>Workdiary stays in the system tray. Its icon opens the window, its menu has Quit.</source>
        <translation>Workdiary sigue en la bandeja del sistema. Su icono abre la ventana; su menú tiene Salir.</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>a span</comment>
        <translation>
            <numerusform>%n día</numerusform>
            <numerusform>%n días</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Agree and start</source>
        <translation>&amp;Aceptar e iniciar</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Cerrar</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>Ahora &amp;no</translation>
    </message>
    <message>
        <source>Anything before Start, after Stop or while paused.</source>
        <translation>Nada antes de Iniciar, después de Detener ni durante una pausa.</translation>
    </message>
    <message>
        <source>Before you start</source>
        <translation>Antes de empezar</translation>
    </message>
    <message>
        <source>For each minute, the number of key presses, mouse clicks, scrolls and mouse movements. Never what you type.</source>
        <translation>En cada minuto, el número de pulsaciones de teclas, clics, desplazamientos y movimientos del ratón. Nunca lo que escribe.</translation>
    </message>
    <message>
        <source>I &amp;agree</source>
        <translation>&amp;Acepto</translation>
    </message>
    <message>
        <source>No pictures: this contract asks for none.</source>
        <translation>Sin capturas: este contrato no las pide.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: nothing, because input cannot be measured. Your time still counts.</source>
        <translation>En este equipo, tal como está configurado: nada, porque la actividad no se puede medir. Su tiempo cuenta igualmente.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: only the number of seconds with input in each minute. Key presses and clicks are not counted.</source>
        <translation>En este equipo, tal como está configurado: solo el número de segundos con actividad de cada minuto. No se cuentan teclas ni clics.</translation>
    </message>
    <message>
        <source>Only between Start and Stop. The icon, its tooltip and the window always show that recording is on. There is no hidden mode.</source>
        <translation>Solo entre Iniciar y Detener. El icono, su descripción y la ventana siempre muestran que se está grabando. No hay modo oculto.</translation>
    </message>
    <message>
        <source>Pictures are kept for {days} after their upload. Deleting one removes its time from your bill.</source>
        <translation>Las capturas se conservan {days} desde que se envían. Si elimina una, su tiempo se quita de su factura.</translation>
    </message>
    <message numerus="yes">
        <source>Pictures of the whole screen, %n every ten minutes, at a random moment.</source>
        <comment>number of pictures</comment>
        <translation>
            <numerusform>Capturas de toda la pantalla, %n cada diez minutos, en un momento al azar.</numerusform>
            <numerusform>Capturas de toda la pantalla, %n cada diez minutos, en momentos al azar.</numerusform>
        </translation>
    </message>
    <message>
        <source>Recording stops by itself after {idle} without input, when you lock the screen, and when the computer sleeps.</source>
        <translation>La grabación se detiene sola tras {idle} sin actividad, al bloquear la pantalla y cuando el equipo se suspende.</translation>
    </message>
    <message>
        <source>Recording stops by itself when you lock the screen and when the computer sleeps. It cannot notice that you are away: press Stop when you leave.</source>
        <translation>La grabación se detiene sola al bloquear la pantalla y cuando el equipo se suspende. No puede notar que usted no está: pulse Detener cuando se vaya.</translation>
    </message>
    <message>
        <source>Start and end times and the number of active minutes are part of the signed record. They remain even if you delete everything else.</source>
        <translation>Las horas de inicio y fin y el número de minutos activos forman parte del registro firmado. Se conservan aunque elimine todo lo demás.</translation>
    </message>
    <message>
        <source>What is never recorded</source>
        <translation>Qué no se registra nunca</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>Qué se registra</translation>
    </message>
    <message>
        <source>What you type, window titles, addresses, files, sound, camera, location.</source>
        <translation>Lo que escribe, títulos de ventanas, direcciones, archivos, sonido, cámara, ubicación.</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Cuándo</translation>
    </message>
    <message>
        <source>When you start and stop, and the memo you write.</source>
        <translation>Cuándo empieza y para, y la descripción que escribe.</translation>
    </message>
    <message>
        <source>While you record, {client} and {marketplace} see that you are recording, and since when. Not while you are paused or stopped.</source>
        <translation>Mientras graba, {client} y {marketplace} ven que está grabando y desde cuándo. No durante una pausa ni después de detener la grabación.</translation>
    </message>
    <message>
        <source>Who sees it, and for how long</source>
        <translation>Quién lo ve y durante cuánto tiempo</translation>
    </message>
    <message>
        <source>Workdiary records your paid work for {client}. Please read what it records. Nothing is recorded before you agree.</source>
        <translation>Workdiary registra su trabajo pagado para {client}. Lea qué registra. No se registra nada antes de que acepte.</translation>
    </message>
    <message>
        <source>You see each picture first. It is uploaded after {review}, unless you delete it.</source>
        <translation>Usted ve primero cada captura. Se envía después de {review}, salvo que la elimine.</translation>
    </message>
    <message>
        <source>{client}, the people who review for them, and {marketplace}. You see all that they see, and who viewed which picture.</source>
        <translation>{client}, las personas que revisan por su encargo y {marketplace}. Usted ve todo lo que ellos ven, y quién vio cada captura.</translation>
    </message>
</context>
<context>
    <name>Data</name>
    <message numerus="yes">
        <source>%n changes of memos and deletions have not reached the marketplace either.</source>
        <translation>
            <numerusform>Tampoco llegó a la plataforma %n cambio de descripción o eliminación.</numerusform>
            <numerusform>Tampoco llegaron a la plataforma %n cambios de descripciones y eliminaciones.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting, {size}. Safe on this computer.</source>
        <translation>
            <numerusform>%n entrada espera, {size}. A salvo en este equipo.</numerusform>
            <numerusform>%n entradas esperan, {size}. A salvo en este equipo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings ended unexpectedly and are not saved yet. Their time is lost too.</source>
        <translation>
            <numerusform>%n grabación terminó de forma inesperada y aún no está guardada. También se pierde su tiempo.</numerusform>
            <numerusform>%n grabaciones terminaron de forma inesperada y aún no están guardadas. También se pierde su tiempo.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Delete it</source>
        <translation>&amp;Eliminar</translation>
    </message>
    <message>
        <source>&amp;Delete the diary</source>
        <translation>&amp;Eliminar el diario</translation>
    </message>
    <message>
        <source>&amp;Delete …</source>
        <translation>&amp;Eliminar …</translation>
    </message>
    <message>
        <source>&amp;Delete, lose {length}</source>
        <translation>&amp;Eliminar, perder {length}</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Carpeta</translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>&amp;Conservar</translation>
    </message>
    <message>
        <source>&amp;Limit for pending pictures</source>
        <translation>&amp;Límite de capturas pendientes</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;Abrir carpeta</translation>
    </message>
    <message>
        <source>&amp;Sign out and delete</source>
        <translation>Cerrar sesión y &amp;eliminar</translation>
    </message>
    <message>
        <source>Asks first. What was uploaded remains at the marketplace.</source>
        <translation>Pregunta antes. Lo que se envió permanece en la plataforma.</translation>
    </message>
    <message>
        <source>At the marketplace, everything that was uploaded remains as it is, with its hours and pictures. Your settings and the program&apos;s log remain on this computer.</source>
        <translation>En la plataforma, todo lo que se envió queda como está, con sus horas y capturas. La configuración y el registro del programa permanecen en este equipo.</translation>
    </message>
    <message>
        <source>At this limit recording stops. Nothing is lost; start again after the upload.</source>
        <translation>Al llegar a este límite la grabación se detiene. No se pierde nada; inicie de nuevo tras el envío.</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Datos</translation>
    </message>
    <message>
        <source>Delete the diary on this computer</source>
        <translation>Eliminar el diario de este equipo</translation>
    </message>
    <message>
        <source>Delete the diary on this computer?</source>
        <translation>¿Eliminar el diario de este equipo?</translation>
    </message>
    <message>
        <source>Deleted on this computer ({size}): the recorded time, memos and pictures of {marketplace}, and the receipts that prove your hours. To keep a proof, first save the record of each week in your diary.</source>
        <translation>En este equipo se elimina ({size}): el tiempo registrado, las descripciones y las capturas de {marketplace}, y los recibos que demuestran sus horas. Para conservar una prueba, guarde antes en su diario el registro de cada semana.</translation>
    </message>
    <message>
        <source>It covers {marketplace} only.</source>
        <translation>Solo afecta a {marketplace}.</translation>
    </message>
    <message>
        <source>Nothing was deleted. Your work is kept.</source>
        <translation>No se eliminó nada. Su trabajo se conserva.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>Detenga primero la grabación.</translation>
    </message>
    <message numerus="yes">
        <source>The marketplace refused %n entries.</source>
        <translation>
            <numerusform>La plataforma rechazó %n entrada.</numerusform>
            <numerusform>La plataforma rechazó %n entradas.</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted work cannot be recovered. If you keep it, it stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>El trabajo eliminado no se puede recuperar. Si lo conserva, queda a salvo en este equipo y se envía tras su próximo inicio de sesión.</translation>
    </message>
    <message>
        <source>Deleted. What was uploaded remains at the marketplace.</source>
        <translation>Eliminado. Lo enviado permanece en la plataforma.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Carpeta</translation>
    </message>
    <message>
        <source>It takes {size}.</source>
        <translation>Ocupa {size}.</translation>
    </message>
    <message>
        <source>Its size is being computed …</source>
        <translation>Se está calculando su tamaño …</translation>
    </message>
    <message>
        <source>Not possible now: the diary is not open.</source>
        <translation>Ahora no es posible: el diario no está abierto.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>No hay nada en espera.</translation>
    </message>
    <message>
        <source>Nothing was deleted. {reason}</source>
        <translation>No se eliminó nada. {reason}</translation>
    </message>
    <message>
        <source>Pending uploads</source>
        <translation>Envíos pendientes</translation>
    </message>
    <message>
        <source>Signing out and uploading pending work …</source>
        <translation>Cerrando sesión y enviando el trabajo pendiente …</translation>
    </message>
    <message>
        <source>Some of your work is not uploaded. Delete it?</source>
        <translation>Parte de su trabajo no está enviado. ¿Eliminarlo?</translation>
    </message>
    <message>
        <source>The folder cannot be read.</source>
        <translation>No se puede leer la carpeta.</translation>
    </message>
    <message>
        <source>There is no diary here to delete.</source>
        <translation>Aquí no hay ningún diario que eliminar.</translation>
    </message>
    <message>
        <source>They are being counted …</source>
        <translation>Se están contando …</translation>
    </message>
    <message>
        <source>This computer is signed out first, and pending work is uploaded. Work that cannot be uploaded is only deleted after you confirm that too.</source>
        <translation>Primero se cierra la sesión en este equipo y se envía el trabajo pendiente. El trabajo que no se pueda enviar solo se elimina si usted también lo confirma.</translation>
    </message>
    <message>
        <source>{length} of work is neither uploaded nor paid. Delete it?</source>
        <translation>{length} de trabajo no están enviados ni pagados. ¿Eliminarlos?</translation>
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
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Change memo …</source>
        <translation>&amp;Cambiar la descripción …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Eliminar</translation>
    </message>
    <message>
        <source>&amp;Open web diary</source>
        <translation>Abrir el diario &amp;web</translation>
    </message>
    <message>
        <source>&amp;Remove {length}</source>
        <translation>&amp;Quitar {length}</translation>
    </message>
    <message>
        <source>&amp;Send again</source>
        <translation>&amp;Enviar de nuevo</translation>
    </message>
    <message>
        <source>&amp;Who viewed my pictures</source>
        <translation>&amp;Quién vio mis capturas</translation>
    </message>
    <message>
        <source>Activity counts deleted</source>
        <translation>Recuentos de actividad eliminados</translation>
    </message>
    <message numerus="yes">
        <source>%n clicks</source>
        <translation>
            <numerusform>%n clic</numerusform>
            <numerusform>%n clics</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys</source>
        <translation>
            <numerusform>%n tecla</numerusform>
            <numerusform>%n teclas</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Back to the day</source>
        <translation>&amp;Volver al día</translation>
    </message>
    <message>
        <source>&amp;Check the week&apos;s record now</source>
        <translation>&amp;Comprobar ahora el registro de la semana</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Cerrar</translation>
    </message>
    <message>
        <source>&amp;Delete (removes {length})</source>
        <translation>&amp;Eliminar (quita {length})</translation>
    </message>
    <message>
        <source>&amp;Delete the picture (its time stays as it is)</source>
        <translation>&amp;Eliminar la captura (su tiempo queda igual)</translation>
    </message>
    <message>
        <source>&amp;Save memo</source>
        <translation>&amp;Guardar descripción</translation>
    </message>
    <message>
        <source>&amp;Save the week&apos;s record …</source>
        <translation>&amp;Guardar el registro de la semana …</translation>
    </message>
    <message>
        <source>&amp;Today</source>
        <translation>&amp;Hoy</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Undo (%n&#xa0;s)</source>
        <translation>
            <numerusform>&amp;Deshacer (%n&#xa0;s)</numerusform>
            <numerusform>&amp;Deshacer (%n&#xa0;s)</numerusform>
        </translation>
    </message>
    <message>
        <source>A picture was due and could not be taken</source>
        <translation>Tocaba una captura y no se pudo tomar</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Actividad</translation>
    </message>
    <message>
        <source>Activity of each minute</source>
        <translation>Actividad de cada minuto</translation>
    </message>
    <message>
        <source>Add m&amp;anual time</source>
        <translation>Añadir tiempo &amp;manual</translation>
    </message>
    <message>
        <source>Add time that was not recorded</source>
        <translation>Añadir tiempo que no se grabó</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>Todos los contratos</translation>
    </message>
    <message>
        <source>All covered</source>
        <translation>Todo cubierto</translation>
    </message>
    <message>
        <source>Automatic, memo, activity, within the limit</source>
        <translation>Automático, descripción, actividad, dentro del límite</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>Contrato</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>Cubierta</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Día</translation>
    </message>
    <message>
        <source>Delete &amp;memo …</source>
        <translation>Eliminar la &amp;descripción …</translation>
    </message>
    <message>
        <source>Delete &amp;picture and its time …</source>
        <translation>Eliminar la ca&amp;ptura y su tiempo …</translation>
    </message>
    <message>
        <source>Delete &amp;picture …</source>
        <translation>Eliminar la ca&amp;ptura …</translation>
    </message>
    <message>
        <source>Delete activity cou&amp;nts …</source>
        <translation>Eliminar los &amp;recuentos de actividad …</translation>
    </message>
    <message>
        <source>Delete the activity counts of this time?</source>
        <translation>¿Eliminar los recuentos de actividad de este tiempo?</translation>
    </message>
    <message>
        <source>Delete this memo?</source>
        <translation>¿Eliminar esta descripción?</translation>
    </message>
    <message>
        <source>Delete this picture and its time?</source>
        <translation>¿Eliminar esta captura y su tiempo?</translation>
    </message>
    <message>
        <source>Delete this picture?</source>
        <translation>¿Eliminar esta captura?</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Eliminado</translation>
    </message>
    <message>
        <source>Diary</source>
        <translation>Diario</translation>
    </message>
    <message>
        <source>Edit &amp;memo</source>
        <translation>Editar &amp;descripción</translation>
    </message>
    <message>
        <source>Entered manually</source>
        <translation>Introducido a mano</translation>
    </message>
    <message>
        <source>Entered manually, not recorded</source>
        <translation>Introducido a mano, no grabado</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>Inactividad</translation>
    </message>
    <message>
        <source>Idle time has no picture</source>
        <translation>La inactividad no tiene captura</translation>
    </message>
    <message>
        <source>Idle time that you kept</source>
        <translation>Inactividad que conservó</translation>
    </message>
    <message>
        <source>Idle, kept</source>
        <translation>Inactivo</translation>
    </message>
    <message>
        <source>Input is not measured</source>
        <translation>La actividad no se mide</translation>
    </message>
    <message>
        <source>Input was not measured</source>
        <translation>La actividad no se midió</translation>
    </message>
    <message>
        <source>It counts once it is in the log</source>
        <translation>Cuenta cuando está en la bitácora</translation>
    </message>
    <message>
        <source>It has no memo</source>
        <translation>No tiene descripción</translation>
    </message>
    <message>
        <source>It is over the weekly limit</source>
        <translation>Supera el límite semanal</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>Cargando la captura …</translation>
    </message>
    <message>
        <source>Log entry {number}, received {when}</source>
        <translation>Entrada {number} de la bitácora, recibida {when}</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Manual</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Memo changed. The earlier memo stays visible.</source>
        <translation>Descripción cambiada. La anterior sigue visible.</translation>
    </message>
    <message>
        <source>Memo, activity, within the limit so far</source>
        <translation>Descripción, actividad, dentro del límite hasta ahora</translation>
    </message>
    <message>
        <source>More actions on this time</source>
        <translation>Más acciones sobre este tiempo</translation>
    </message>
    <message>
        <source>New memo</source>
        <translation>Descripción nueva</translation>
    </message>
    <message>
        <source>No memo</source>
        <comment>in a small slot</comment>
        <translation>Sin descr.</translation>
    </message>
    <message>
        <source>Nobody has viewed this picture yet.</source>
        <translation>Nadie ha visto aún esta captura.</translation>
    </message>
    <message>
        <source>Not known on this computer</source>
        <translation>No se conoce en este equipo</translation>
    </message>
    <message>
        <source>Other computer</source>
        <comment>in a small slot</comment>
        <translation>Otro equipo</translation>
    </message>
    <message>
        <source>Question</source>
        <comment>in a small slot</comment>
        <translation>Pregunta</translation>
    </message>
    <message>
        <source>Recorded on another computer</source>
        <translation>Grabado en otro equipo</translation>
    </message>
    <message>
        <source>Save or check the week&apos;s record</source>
        <translation>Guardar o comprobar el registro de la semana</translation>
    </message>
    <message>
        <source>Screen locked</source>
        <translation>Bloqueada</translation>
    </message>
    <message>
        <source>Screenshots blocked</source>
        <translation>Sin permiso</translation>
    </message>
    <message>
        <source>Set aside</source>
        <comment>in a small slot</comment>
        <translation>Apartado</translation>
    </message>
    <message>
        <source>Such questions change no payment. The client sees them once the week is locked; a memo can answer them in advance.</source>
        <translation>Estas preguntas no cambian ningún pago. El cliente las ve cuando la semana queda bloqueada; una descripción puede responderlas de antemano.</translation>
    </message>
    <message>
        <source>The client may ask: did a program make most of this input? Remote control, accessibility tools and macros do that.</source>
        <translation>El cliente puede preguntar: ¿generó un programa la mayor parte de esta actividad? El control remoto, las ayudas de accesibilidad y las macros lo hacen.</translation>
    </message>
    <message>
        <source>The client may ask: was this work on another screen? The pictures are identical while there was much input.</source>
        <translation>El cliente puede preguntar: ¿se hizo este trabajo en otra pantalla? Las imágenes son idénticas mientras hubo mucha actividad.</translation>
    </message>
    <message>
        <source>The client may ask: why is this input so regular? A game pad, a drawing tablet or a held key can do that.</source>
        <translation>El cliente puede preguntar: ¿por qué es tan regular esta actividad? Un mando de juegos, una tableta gráfica o una tecla mantenida pueden causarlo.</translation>
    </message>
    <message>
        <source>The list of views cannot be read now.</source>
        <translation>La lista de vistas no se puede leer ahora.</translation>
    </message>
    <message>
        <source>The page in the browser shows all views.</source>
        <translation>La página del navegador muestra todas las vistas.</translation>
    </message>
    <message>
        <source>The page in the browser shows it.</source>
        <translation>La página del navegador lo muestra.</translation>
    </message>
    <message>
        <source>The week can be changed until {when}</source>
        <translation>La semana se puede cambiar hasta {when}</translation>
    </message>
    <message>
        <source>This computer has no picture of this time.</source>
        <translation>Este equipo no tiene ninguna captura de este tiempo.</translation>
    </message>
    <message>
        <source>Unmeasured</source>
        <translation>Sin medir</translation>
    </message>
    <message>
        <source>Unpaid</source>
        <translation>Sin pagar</translation>
    </message>
    <message>
        <source>Unprotected</source>
        <translation>Sin proteger</translation>
    </message>
    <message>
        <source>Uploaded</source>
        <translation>Enviado</translation>
    </message>
    <message>
        <source>Uploaded, picture waiting</source>
        <translation>Enviado, su captura espera</translation>
    </message>
    <message>
        <source>View &amp;full size</source>
        <translation>Ver a tamaño &amp;completo</translation>
    </message>
    <message>
        <source>Viewed by you, last {when}</source>
        <translation>Vista por usted, la última vez {when}</translation>
    </message>
    <message>
        <source>Viewed by {name}, last {when}</source>
        <translation>Vista por {name}, la última vez {when}</translation>
    </message>
    <message>
        <source>W&amp;eek</source>
        <translation>&amp;Semana</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Waiting on this computer</source>
        <translation>En espera en este equipo</translation>
    </message>
    <message>
        <source>Weeks begin on Monday at midnight UTC</source>
        <translation>Las semanas empiezan el lunes a medianoche UTC</translation>
    </message>
    <message>
        <source>Will be protected</source>
        <translation>Quedará protegido</translation>
    </message>
    <message>
        <source>You removed this time from your bill</source>
        <translation>Usted quitó este tiempo de su factura</translation>
    </message>
    <message>
        <source>activity {level} of 10</source>
        <translation>actividad {level} de 10</translation>
    </message>
    <message>
        <source>its week</source>
        <translation>su semana</translation>
    </message>
    <message>
        <source>minute {number}: no input</source>
        <translation>minuto {number}: sin actividad</translation>
    </message>
    <message>
        <source>minute {number}: not measured</source>
        <translation>minuto {number}: sin medir</translation>
    </message>
    <message>
        <source>minute {number}: not recorded</source>
        <translation>minuto {number}: sin registrar</translation>
    </message>
    <message>
        <source>minute {number}: {total} actions</source>
        <translation>minuto {number}: {total} acciones</translation>
    </message>
    <message>
        <source>not protected</source>
        <translation>sin proteger</translation>
    </message>
    <message>
        <source>of {limit}</source>
        <translation>de {limit}</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>captura</translation>
    </message>
    <message>
        <source>recording now</source>
        <translation>grabando ahora</translation>
    </message>
    <message>
        <source>this day</source>
        <translation>este día</translation>
    </message>
    <message>
        <source>this week</source>
        <translation>esta semana</translation>
    </message>
    <message>
        <source>today</source>
        <translation>hoy</translation>
    </message>
    <message>
        <source>{length} are unpaid.</source>
        <translation>{length} están sin pagar.</translation>
    </message>
    <message>
        <source>{length} unpaid</source>
        <translation>{length} sin pagar</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
    <message>
        <source>{start}–{end}, part {number} of {count}</source>
        <translation>{start}–{end}, parte {number} de {count}</translation>
    </message>
    <message>
        <source>{start}–{end}: no time recorded</source>
        <translation>{start}–{end}: sin tiempo registrado</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace, with its earlier versions. The time remains paid, but without a memo it is not protected.</source>
        <translation>Se borra aquí y en la plataforma, con sus versiones anteriores. El tiempo se sigue pagando, pero sin descripción no está protegido.</translation>
    </message>
    <message>
        <source>Deleting</source>
        <comment>in a small slot</comment>
        <translation>Eliminando</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. The week is locked, so its time remains paid.</source>
        <translation>Se borra aquí y en la plataforma. La semana está cerrada, así que su tiempo se sigue pagando.</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. {length} of paid time are removed.</source>
        <translation>Se borra aquí y en la plataforma. Se quitan {length} de tiempo pagado.</translation>
    </message>
    <message>
        <source>Memo deleted</source>
        <translation>Descripción eliminada</translation>
    </message>
    <message>
        <source>Next day</source>
        <translation>Día siguiente</translation>
    </message>
    <message>
        <source>Next part of this slot</source>
        <translation>Parte siguiente de este tramo</translation>
    </message>
    <message>
        <source>No entries yet today. A new one appears every ten minutes of work.</source>
        <translation>Hoy aún no hay entradas. Aparece una cada diez minutos de trabajo.</translation>
    </message>
    <message>
        <source>No memo</source>
        <translation>Sin descr.</translation>
    </message>
    <message>
        <source>No memo yet: this slot will not be protected</source>
        <translation>Falta la descripción: este tramo no quedará protegido</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Sin captura</translation>
    </message>
    <message>
        <source>No picture due</source>
        <translation>No tocaba</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Aún sin captura</translation>
    </message>
    <message>
        <source>No random picture time covers it</source>
        <translation>Ningún momento al azar de captura lo cubre</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>Sin medir</translation>
    </message>
    <message>
        <source>Not protected</source>
        <translation>Sin proteger</translation>
    </message>
    <message>
        <source>Not protected yet</source>
        <translation>Aún sin proteger</translation>
    </message>
    <message>
        <source>Over limit</source>
        <translation>Excedido</translation>
    </message>
    <message>
        <source>Over the weekly limit</source>
        <translation>Sobre el límite semanal</translation>
    </message>
    <message>
        <source>Picture deleted</source>
        <translation>Captura eliminada</translation>
    </message>
    <message>
        <source>Picture failed</source>
        <translation>Captura fallida</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>Captura {time}</translation>
    </message>
    <message>
        <source>Picture taken {time}, partly covered</source>
        <translation>Captura {time}, cubierta en parte</translation>
    </message>
    <message>
        <source>Previous day</source>
        <translation>Día anterior</translation>
    </message>
    <message>
        <source>Previous part of this slot</source>
        <translation>Parte anterior de este tramo</translation>
    </message>
    <message>
        <source>Protected</source>
        <translation>Protegido</translation>
    </message>
    <message>
        <source>Reason: {note}</source>
        <translation>Motivo: {note}</translation>
    </message>
    <message>
        <source>Receipted</source>
        <translation>Con recibo</translation>
    </message>
    <message>
        <source>Receipted and logged</source>
        <translation>Con recibo y en la bitácora</translation>
    </message>
    <message>
        <source>Receipted {time}, logged</source>
        <translation>Recibo {time}, en la bitácora</translation>
    </message>
    <message>
        <source>Recording now</source>
        <translation>Grabando ahora</translation>
    </message>
    <message>
        <source>Recording now, part {number} of {count}</source>
        <translation>Grabando ahora, parte {number} de {count}</translation>
    </message>
    <message>
        <source>Refused: {reason}</source>
        <translation>Rechazado: {reason}</translation>
    </message>
    <message>
        <source>Remove this &amp;time from my bill …</source>
        <translation>Quitar este &amp;tiempo de mi factura …</translation>
    </message>
    <message>
        <source>Remove this time from your bill?</source>
        <translation>¿Quitar este tiempo de su factura?</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Apartado</translation>
    </message>
    <message>
        <source>Show the first such slot</source>
        <translation>Mostrar el primer tramo así</translation>
    </message>
    <message>
        <source>The earlier memo stays visible.</source>
        <translation>La descripción anterior sigue visible.</translation>
    </message>
    <message>
        <source>The marketplace does not count it</source>
        <translation>La plataforma no lo cuenta</translation>
    </message>
    <message>
        <source>The numbers of key presses and clicks are erased here and at the marketplace. The time remains paid.</source>
        <translation>Los números de teclas y clics se borran aquí y en la plataforma. El tiempo se sigue pagando.</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>La captura ya no está en este equipo.</translation>
    </message>
    <message>
        <source>The record keeps that you worked from {time}, the number of minutes with input, and that you deleted something.</source>
        <translation>El registro conserva que trabajó desde las {time}, el número de minutos con actividad y que eliminó algo.</translation>
    </message>
    <message>
        <source>The week is locked since {when}</source>
        <translation>La semana está cerrada desde {when}</translation>
    </message>
    <message>
        <source>This computer recorded nothing on this day.</source>
        <translation>Este equipo no registró nada ese día.</translation>
    </message>
    <message>
        <source>Unpaid: {reason}</source>
        <translation>Sin pagar: {reason}</translation>
    </message>
    <message>
        <source>{length} will no longer count. The picture and the memo stay.</source>
        <translation>{length} ya no contarán. La captura y la descripción se quedan.</translation>
    </message>
    <message>
        <source>{level} of 10 min</source>
        <translation>{level} de 10 min</translation>
    </message>
    <message>
        <source>{level} of 10 min so far</source>
        <translation>{level} de 10 min hasta ahora</translation>
    </message>
    <message>
        <source>{number} of 10 min</source>
        <translation>{number} de 10 min</translation>
    </message>
    <message>
        <source>{start} to {end}</source>
        <translation>{start} a {end}</translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>&amp;No, show my devices</source>
        <translation>&amp;No, mostrar mis dispositivos</translation>
    </message>
    <message>
        <source>&amp;Yes, it is mine</source>
        <translation>&amp;Sí, es mío</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>Un dispositivo nuevo inició sesión en su cuenta. ¿Es suyo?</translation>
    </message>
    <message>
        <source>{name}, since {when}. If it is yours, this computer confirms that. If not, open your devices page and stop it there.</source>
        <translation>{name}, desde {when}. Si es suyo, este equipo lo confirma. Si no, abra su página de dispositivos y bloquéelo allí.</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>&amp;Check again</source>
        <translation>&amp;Comprobar de nuevo</translation>
    </message>
    <message>
        <source>A Wayland session.</source>
        <translation>Una sesión de Wayland.</translation>
    </message>
    <message>
        <source>A Windows session.</source>
        <translation>Una sesión de Windows.</translation>
    </message>
    <message>
        <source>A better method failed: {detail}.</source>
        <translation>Un método mejor falló: {detail}.</translation>
    </message>
    <message>
        <source>A clock cannot be read: {detail}. Time cannot be counted without it.</source>
        <translation>No se puede leer un reloj: {detail}. Sin él no se puede contar el tiempo.</translation>
    </message>
    <message>
        <source>A keyring for this computer&apos;s keys was found.</source>
        <translation>Se encontró un llavero para las claves de este equipo.</translation>
    </message>
    <message>
        <source>A macOS session.</source>
        <translation>Una sesión de macOS.</translation>
    </message>
    <message>
        <source>A test lock in {folder} failed. Check the drive.</source>
        <translation>Falló un bloqueo de prueba en {folder}. Compruebe la unidad.</translation>
    </message>
    <message>
        <source>A test screenshot failed: {detail}. Work can be recorded; the record states why it has no picture.</source>
        <translation>Falló una captura de prueba: {detail}. El trabajo se puede registrar; el registro indica por qué no tiene captura.</translation>
    </message>
    <message>
        <source>An X11 session.</source>
        <translation>Una sesión de X11.</translation>
    </message>
    <message>
        <source>Cannot be detected while input is not measured. Press Stop when you leave.</source>
        <translation>No se puede detectar mientras no se mida la actividad. Pulse Detener cuando se vaya.</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Comprobando …</translation>
    </message>
    <message>
        <source>Clocks</source>
        <translation>Relojes</translation>
    </message>
    <message>
        <source>Clocks are readable.</source>
        <translation>Los relojes se pueden leer.</translation>
    </message>
    <message>
        <source>Counting is switched off in the settings. Only the seconds with input are recorded.</source>
        <translation>El recuento está desactivado en los ajustes. Solo se registran los segundos con actividad.</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Escritorio</translation>
    </message>
    <message>
        <source>Detected from missing input.</source>
        <translation>Se detecta por la falta de actividad.</translation>
    </message>
    <message>
        <source>GNOME on Wayland does not allow input counts; only seconds with activity are recorded.</source>
        <translation>GNOME en Wayland no permite contar teclas y clics; solo se registran segundos con actividad.</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>Inactividad</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Teclado y ratón</translation>
    </message>
    <message>
        <source>Input cannot be measured: {detail}. Your time still counts; the record notes that activity was not measured.</source>
        <translation>La actividad no se puede medir: {detail}. Su tiempo cuenta igualmente; el registro anota que la actividad no se midió.</translation>
    </message>
    <message>
        <source>Input is counted at the X server (XInput2).</source>
        <translation>Teclas y clics se cuentan en el servidor X (XInput2).</translation>
    </message>
    <message>
        <source>Input is counted at the X server.</source>
        <translation>Teclas y clics se cuentan en el servidor X.</translation>
    </message>
    <message>
        <source>Input is counted through Windows.</source>
        <translation>Teclas y clics se cuentan mediante Windows.</translation>
    </message>
    <message>
        <source>Input is counted through macOS.</source>
        <translation>Teclas y clics se cuentan mediante macOS.</translation>
    </message>
    <message>
        <source>Keyring</source>
        <translation>Llavero</translation>
    </message>
    <message>
        <source>Lock and sleep</source>
        <translation>Bloqueo y suspensión</translation>
    </message>
    <message>
        <source>Marketplace</source>
        <translation>Plataforma</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Requiere atención</translation>
    </message>
    <message numerus="yes">
        <source>Needs attention: %n</source>
        <comment>a number of lines</comment>
        <translation>
            <numerusform>Requieren atención: %n</numerusform>
            <numerusform>Requieren atención: %n</numerusform>
        </translation>
    </message>
    <message>
        <source>No desktop session found. Start Workdiary in one, or set DISPLAY or WAYLAND_DISPLAY.</source>
        <translation>No se encontró ninguna sesión de escritorio. Inicie Workdiary en una, o defina DISPLAY o WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>Sin escritorio: no están definidos ni DISPLAY ni WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No keyring found, and the keys are stored only in a keyring. Install GNOME Keyring or KWallet, then log in again.</source>
        <translation>No se encontró ningún llavero, y las claves solo se guardan en uno. Instale GNOME Keyring o KWallet y vuelva a iniciar la sesión.</translation>
    </message>
    <message>
        <source>No screen: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>Sin pantalla: no están definidos ni DISPLAY ni WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No session bus (D-Bus) found. Notifications and the keyring need it. Start Workdiary from the desktop.</source>
        <translation>No se encontró el bus de sesión (D-Bus). Las notificaciones y el llavero lo necesitan. Inicie Workdiary desde el escritorio.</translation>
    </message>
    <message>
        <source>No system tray found; use the window instead of the icon. On GNOME, the AppIndicator extension adds a tray.</source>
        <translation>No se encontró la bandeja del sistema; use la ventana en lugar del icono. En GNOME, la extensión AppIndicator añade una bandeja.</translation>
    </message>
    <message>
        <source>Nothing needs attention.</source>
        <translation>Nada requiere atención.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Notificaciones</translation>
    </message>
    <message>
        <source>Only {free} GB are free on the disk of {folder}. Free some space before you record.</source>
        <translation>Solo quedan {free} GB libres en el disco de {folder}. Libere espacio antes de grabar.</translation>
    </message>
    <message>
        <source>Open the system settings</source>
        <translation>Abrir los ajustes del sistema</translation>
    </message>
    <message>
        <source>Provided by the system.</source>
        <translation>Forma parte del sistema.</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Capturas</translation>
    </message>
    <message>
        <source>Pictures are taken from the X server.</source>
        <translation>Las capturas se toman del servidor X.</translation>
    </message>
    <message>
        <source>Pictures are taken through Windows.</source>
        <translation>Las capturas se toman mediante Windows.</translation>
    </message>
    <message>
        <source>Pictures are taken through macOS.</source>
        <translation>Las capturas se toman mediante macOS.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s portal, which may ask you once.</source>
        <translation>Las capturas se toman mediante el portal del escritorio, que puede preguntarle una vez.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s screen cast portal, one frame at a time; it asks you once, and may briefly show that the screen is being recorded.</source>
        <translation>Las capturas se toman mediante el portal de emisión de pantalla del escritorio, un fotograma cada vez; pregunta una vez y puede mostrar brevemente que se graba la pantalla.</translation>
    </message>
    <message>
        <source>Sleep is detected by the clocks afterwards and is not counted. A locked screen is not detected: press Stop before you lock it.</source>
        <translation>La suspensión se detecta después por los relojes y no se cuenta. Una pantalla bloqueada no se detecta: pulse Detener antes de bloquearla.</translation>
    </message>
    <message>
        <source>State folder</source>
        <translation>Carpeta de datos</translation>
    </message>
    <message>
        <source>System tray found.</source>
        <translation>Se encontró la bandeja del sistema.</translation>
    </message>
    <message>
        <source>The check itself failed. The reason is in the log.</source>
        <translation>La propia comprobación falló. El motivo está en el archivo de registro.</translation>
    </message>
    <message>
        <source>The compositor reports activity per second; keys and clicks are not counted.</source>
        <translation>El compositor informa de la actividad por segundo; no se cuentan teclas ni clics.</translation>
    </message>
    <message>
        <source>The desktop reports when it is locked.</source>
        <translation>El escritorio avisa cuando se bloquea.</translation>
    </message>
    <message>
        <source>The desktop shows no notifications. Workdiary shows messages in its own windows.</source>
        <translation>El escritorio no muestra notificaciones. Workdiary muestra los mensajes en sus propias ventanas.</translation>
    </message>
    <message>
        <source>The desktop shows notifications.</source>
        <translation>El escritorio muestra notificaciones.</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot hold a database (SQLite). Choose a folder on another drive (--base-dir).</source>
        <translation>La unidad de {folder} no admite una base de datos (SQLite). Elija una carpeta en otra unidad (--base-dir).</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot lock files, so two programs could write to one diary. Choose a folder on another drive (--base-dir).</source>
        <translation>La unidad de {folder} no puede bloquear archivos, así que dos programas podrían escribir en un mismo diario. Elija una carpeta en otra unidad (--base-dir).</translation>
    </message>
    <message>
        <source>The keyring did not answer. It may be waiting for you in a dialog.</source>
        <translation>El llavero no respondió. Puede que espere su respuesta en un cuadro de diálogo.</translation>
    </message>
    <message>
        <source>The proxy {detail} did not connect to {name}. Ask the network&apos;s administrator whether the proxy allows the marketplace.</source>
        <translation>El proxy {detail} no conectó con {name}. Pregunte a quien administra la red si el proxy permite la plataforma.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, asks for a user name and a password. Enter them under Network in the settings, or ask the network&apos;s administrator.</source>
        <translation>El proxy {detail}, que conecta con {name}, pide usuario y contraseña. Escríbalos en «Red», en los ajustes, o pregunte a quien administra la red.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, does not answer. Check it under Network in the settings.</source>
        <translation>El proxy {detail}, que conecta con {name}, no responde. Compruébelo en «Red», en los ajustes.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, has an unknown host name. Check it under Network in the settings.</source>
        <translation>El proxy {detail}, que conecta con {name}, tiene un nombre desconocido. Compruébelo en «Red», en los ajustes.</translation>
    </message>
    <message>
        <source>Workdiary cannot use the proxy {detail}, which connects to {name}: its type is not supported. Enter the address of an HTTP proxy under Network in the settings.</source>
        <translation>Workdiary no puede usar el proxy {detail}, que conecta con {name}: su tipo no es compatible. Escriba la dirección de un proxy HTTP en «Red», en los ajustes.</translation>
    </message>
    <message>
        <source>The system delays sleep until the work is saved (logind).</source>
        <translation>El sistema retrasa la suspensión hasta que el trabajo está guardado (logind).</translation>
    </message>
    <message>
        <source>This Wayland desktop does not report input; your time counts, and the record states that activity was not measured. A session on Xorg, chosen at the login screen, has counts.</source>
        <translation>Este escritorio Wayland no informa de la actividad; su tiempo cuenta y el registro indica que la actividad no se midió. Una sesión de Xorg, elegida en la pantalla de inicio de sesión, sí tiene recuentos.</translation>
    </message>
    <message>
        <source>This Wayland desktop has no portal that takes pictures (xdg-desktop-portal with a Screenshot interface); your time counts, and the record states why there is no picture. In a session on Xorg, chosen at the login screen, pictures work.</source>
        <translation>Este escritorio Wayland no tiene un portal que tome capturas (xdg-desktop-portal con una interfaz Screenshot); su tiempo cuenta y el registro indica por qué no hay captura. En una sesión de Xorg, elegida en la pantalla de inicio de sesión, las capturas funcionan.</translation>
    </message>
    <message>
        <source>This Wayland desktop offers programs only screen casts (the ScreenCast portal). To take pictures from them, install GStreamer&apos;s tools with their PipeWire and PNG elements; on Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base and gstreamer1.0-plugins-good.</source>
        <translation>Este escritorio Wayland solo ofrece a los programas emisiones de pantalla (el portal ScreenCast). Para tomar capturas de ellas, instale las herramientas de GStreamer con sus elementos PipeWire y PNG; en Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base y gstreamer1.0-plugins-good.</translation>
    </message>
    <message>
        <source>This X server does not allow input counts; only seconds with activity are recorded.</source>
        <translation>Este servidor X no permite contar teclas y clics; solo se registran segundos con actividad.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Este equipo</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet.</source>
        <translation>Este equipo aún no está vinculado a ninguna plataforma.</translation>
    </message>
    <message>
        <source>This version cannot count input on this system.</source>
        <translation>Esta versión no puede contar teclas y clics en este sistema.</translation>
    </message>
    <message>
        <source>This version takes no pictures on this system.</source>
        <translation>Esta versión no toma capturas en este sistema.</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>Bandeja del sistema</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versiones</translation>
    </message>
    <message>
        <source>While recording, Workdiary checks once a second whether macOS has locked the screen; the clocks detect sleep.</source>
        <translation>Durante la grabación, Workdiary comprueba cada segundo si macOS ha bloqueado la pantalla; los relojes detectan la suspensión.</translation>
    </message>
    <message>
        <source>Windows reports lock and sleep.</source>
        <translation>Windows informa del bloqueo y la suspensión.</translation>
    </message>
    <message>
        <source>Windows reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>Windows solo informa de segundos con actividad; no se cuentan teclas ni clics.</translation>
    </message>
    <message>
        <source>Workdiary records for this marketplace.</source>
        <translation>Workdiary graba para esta plataforma.</translation>
    </message>
    <message>
        <source>Workdiary {workdiary}, Python {python}, Qt {qt}, {system}.</source>
        <translation>Workdiary {workdiary}, Python {python}, Qt {qt}, {system}.</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Funciona</translation>
    </message>
    <message>
        <source>Works in part</source>
        <translation>Funciona en parte</translation>
    </message>
    <message>
        <source>You have switched counting off, and this system does not report seconds with activity; your time counts, and the record states that activity was not measured.</source>
        <translation>Ha desactivado el recuento y este sistema no informa de segundos con actividad; su tiempo cuenta y el registro indica que la actividad no se midió.</translation>
    </message>
    <message>
        <source>macOS does not allow input counts; only seconds with activity are recorded. For counts, allow Workdiary under System Settings, Privacy &amp; Security, Input Monitoring, then start recording again.</source>
        <translation>macOS no permite contar teclas y clics; solo se registran segundos con actividad. Para contarlos, permita Workdiary en Ajustes del Sistema, Privacidad y seguridad, Monitorización de entrada, y vuelva a iniciar la grabación.</translation>
    </message>
    <message>
        <source>macOS does not allow pictures. Allow Workdiary under System Settings, Privacy &amp; Security, Screen Recording, then start recording again.</source>
        <translation>macOS no permite capturas. Permita Workdiary en Ajustes del Sistema, Privacidad y seguridad, Grabación de pantalla, y vuelva a iniciar la grabación.</translation>
    </message>
    <message>
        <source>macOS reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>macOS solo informa de segundos con actividad; no se cuentan teclas ni clics.</translation>
    </message>
    <message>
        <source>{folder} cannot be used: a symbolic link in its path has no target ({detail}). Restore the target, or choose another folder (--base-dir).</source>
        <translation>No se puede usar {folder}: un enlace simbólico de su ruta no tiene destino ({detail}). Restaure el destino o elija otra carpeta (--base-dir).</translation>
    </message>
    <message>
        <source>{folder} is not writable ({detail}). Nothing can be recorded until it is.</source>
        <translation>No se puede escribir en {folder} ({detail}). Hasta entonces no se puede registrar nada.</translation>
    </message>
    <message>
        <source>{folder} is on a drive that is not connected. Connect it before you start.</source>
        <translation>{folder} está en una unidad que no está conectada. Conéctela antes de empezar.</translation>
    </message>
    <message>
        <source>{folder} is writable; {free} GB of the disk are free.</source>
        <translation>Se puede escribir en {folder}; quedan {free} GB libres en el disco.</translation>
    </message>
    <message>
        <source>{name} answers.</source>
        <translation>{name} responde.</translation>
    </message>
    <message>
        <source>{name} cannot be reached ({problem}). Work can be recorded and is uploaded later.</source>
        <translation>No se puede acceder a {name} ({problem}). El trabajo se puede registrar y se envía más tarde.</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>a file is missing, was changed, or is not the one that was asked for</source>
        <translation>un archivo falta, se cambió o no es el que se pidió</translation>
    </message>
    <message>
        <source>a log key cannot be used or was not announced</source>
        <translation>una clave de la bitácora no se puede usar o no se anunció</translation>
    </message>
    <message>
        <source>a part appears twice or uses the name of a signed field</source>
        <translation>una parte aparece dos veces o usa el nombre de un campo firmado</translation>
    </message>
    <message>
        <source>a part had not arrived at the marketplace</source>
        <translation>una parte no había llegado a la plataforma</translation>
    </message>
    <message>
        <source>a part that was never signed is shown</source>
        <translation>se muestra una parte que nunca se firmó</translation>
    </message>
    <message>
        <source>a picture file differs from the one that was signed</source>
        <translation>el archivo de una captura difiere del que se firmó</translation>
    </message>
    <message>
        <source>a picture was not taken at its random time</source>
        <translation>una captura no se tomó en su momento al azar</translation>
    </message>
    <message>
        <source>another copy of this folder used its number first</source>
        <translation>otra copia de esta carpeta usó antes su número</translation>
    </message>
    <message>
        <source>another copy of this folder used the number before it</source>
        <translation>otra copia de esta carpeta usó el número anterior</translation>
    </message>
    <message>
        <source>it arrived too late</source>
        <translation>llegó demasiado tarde</translation>
    </message>
    <message>
        <source>the computer used an older random value than before</source>
        <translation>el equipo usó un valor aleatorio más antiguo que antes</translation>
    </message>
    <message>
        <source>the contract does not allow this kind of time</source>
        <translation>el contrato no permite este tipo de tiempo</translation>
    </message>
    <message>
        <source>the contract&apos;s terms did not apply</source>
        <translation>las condiciones del contrato no se aplicaban</translation>
    </message>
    <message>
        <source>the data is a signed object of another type</source>
        <translation>los datos son un objeto firmado de otro tipo</translation>
    </message>
    <message>
        <source>the data is malformed</source>
        <translation>los datos tienen un formato incorrecto</translation>
    </message>
    <message>
        <source>the data is signed with an algorithm that the protocol does not allow</source>
        <translation>los datos están firmados con un algoritmo que el protocolo no permite</translation>
    </message>
    <message>
        <source>the key is weak</source>
        <translation>la clave es débil</translation>
    </message>
    <message>
        <source>the log did not publish the random value named here</source>
        <translation>la bitácora no publicó el valor aleatorio indicado aquí</translation>
    </message>
    <message>
        <source>the log does not prove that it only added entries</source>
        <translation>la bitácora no demuestra que solo añadió entradas</translation>
    </message>
    <message>
        <source>the log showed two different histories</source>
        <translation>la bitácora mostró dos historiales distintos</translation>
    </message>
    <message>
        <source>the log&apos;s signature does not match any trusted key</source>
        <translation>la firma de la bitácora no coincide con ninguna clave de confianza</translation>
    </message>
    <message>
        <source>this computer is not enrolled at the marketplace</source>
        <translation>este equipo no está registrado en la plataforma</translation>
    </message>
    <message>
        <source>too few witnesses have confirmed this state of the log</source>
        <translation>muy pocos testigos han confirmado este estado de la bitácora</translation>
    </message>
    <message>
        <source>the random time or the number of the pictures is not the one that was drawn</source>
        <translation>el momento al azar o el número de capturas no es el que se sorteó</translation>
    </message>
    <message>
        <source>the random value named here belongs to a later slot</source>
        <translation>el valor aleatorio indicado aquí pertenece a un tramo posterior</translation>
    </message>
    <message>
        <source>the receipt does not prove that the log contains this</source>
        <translation>el recibo no demuestra que la bitácora contenga esto</translation>
    </message>
    <message>
        <source>the segment ends after the log received it</source>
        <translation>el segmento termina después de que la bitácora lo recibiera</translation>
    </message>
    <message>
        <source>the segment that this refers to is missing</source>
        <translation>falta el segmento al que esto se refiere</translation>
    </message>
    <message>
        <source>the signature does not match the signed data</source>
        <translation>la firma no coincide con los datos firmados</translation>
    </message>
    <message>
        <source>the slot does not begin at a full ten minutes</source>
        <translation>el tramo no empieza en un múltiplo de diez minutos</translation>
    </message>
    <message>
        <source>the times do not match the slot or the measured duration</source>
        <translation>las horas no coinciden con el tramo o la duración medida</translation>
    </message>
    <message>
        <source>the times in the log run backwards</source>
        <translation>las horas de la bitácora retroceden</translation>
    </message>
    <message>
        <source>this computer joined after the work</source>
        <translation>este equipo se vinculó después del trabajo</translation>
    </message>
    <message>
        <source>this computer was signed out before it arrived</source>
        <translation>en este equipo se cerró la sesión antes de que llegara</translation>
    </message>
    <message>
        <source>this computer was stopped before it arrived</source>
        <translation>este equipo se bloqueó antes de que llegara</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Continuar</translation>
    </message>
    <message>
        <source>&amp;Finish</source>
        <translation>&amp;Finalizar</translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation>&amp;Vincular</translation>
    </message>
    <message>
        <source>&amp;Read what is recorded</source>
        <translation>&amp;Leer qué se registra</translation>
    </message>
    <message>
        <source>&amp;Sign in with your browser</source>
        <translation>&amp;Iniciar sesión en el navegador</translation>
    </message>
    <message>
        <source>&amp;Take a test picture</source>
        <translation>&amp;Tomar una captura de prueba</translation>
    </message>
    <message>
        <source>1 Sign in</source>
        <translation>1 Iniciar sesión</translation>
    </message>
    <message>
        <source>2 What is recorded</source>
        <translation>2 Qué se registra</translation>
    </message>
    <message>
        <source>3 Test picture</source>
        <translation>3 Captura de prueba</translation>
    </message>
    <message>
        <source>C&amp;opy the address</source>
        <translation>C&amp;opiar la dirección</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Ca&amp;ncelar</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Comprobando …</translation>
    </message>
    <message>
        <source>Continue in your browser. If no page has opened, copy its address into a browser.</source>
        <translation>Continúe en su navegador. Si no se ha abierto ninguna página, copie su dirección en un navegador.</translation>
    </message>
    <message>
        <source>Everything on the screen is covered by your settings.</source>
        <translation>Sus ajustes cubren toda la pantalla.</translation>
    </message>
    <message>
        <source>Found: {name}, a Workdiary marketplace</source>
        <translation>Encontrada: {name}, una plataforma de Workdiary</translation>
    </message>
    <message>
        <source>I have a &amp;code</source>
        <translation>Tengo un &amp;código</translation>
    </message>
    <message>
        <source>It is shown here only, and neither stored nor sent.</source>
        <translation>Solo se muestra aquí; no se guarda ni se envía.</translation>
    </message>
    <message>
        <source>Joining took too long. Sign in again.</source>
        <translation>La vinculación tardó demasiado. Inicie sesión de nuevo.</translation>
    </message>
    <message>
        <source>Key presses are counted, never what you type.</source>
        <translation>Se cuentan las pulsaciones, nunca lo que escribe.</translation>
    </message>
    <message>
        <source>Looking for the marketplace …</source>
        <translation>Buscando la plataforma …</translation>
    </message>
    <message>
        <source>Marketplace &amp;address</source>
        <translation>&amp;Dirección de la plataforma</translation>
    </message>
    <message>
        <source>Marketplace address</source>
        <translation>Dirección de la plataforma</translation>
    </message>
    <message>
        <source>Net&amp;work …</source>
        <translation>R&amp;ed …</translation>
    </message>
    <message>
        <source>No picture could be taken. See the checks below.</source>
        <translation>No se pudo tomar ninguna captura. Vea las comprobaciones de abajo.</translation>
    </message>
    <message>
        <source>No test picture yet</source>
        <translation>Aún no hay captura de prueba</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start</source>
        <translation>No se registra nada hasta que pulse Iniciar</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start.</source>
        <translation>No se registra nada hasta que pulse Iniciar.</translation>
    </message>
    <message>
        <source>Once on this computer. Your password stays in the browser.</source>
        <translation>Una sola vez en este equipo. Su contraseña se queda en el navegador.</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>Código de un solo uso</translation>
    </message>
    <message>
        <source>Opening the sign-in …</source>
        <translation>Abriendo el inicio de sesión …</translation>
    </message>
    <message>
        <source>Read what your contract records, who sees it and for how long.</source>
        <translation>Lea qué registra su contrato, quién lo ve y durante cuánto tiempo.</translation>
    </message>
    <message>
        <source>Recording always shows in the tray. No hidden mode.</source>
        <translation>La grabación siempre se ve en la bandeja. No hay modo oculto.</translation>
    </message>
    <message>
        <source>Return to Workdiary. You can close this page.</source>
        <translation>Vuelva a Workdiary. Puede cerrar esta página.</translation>
    </message>
    <message>
        <source>See or delete each picture before it leaves.</source>
        <translation>Vea o elimine cada captura antes de que salga.</translation>
    </message>
    <message>
        <source>Set by the administrator of this computer.</source>
        <translation>Definida por quien administra este equipo.</translation>
    </message>
    <message>
        <source>Set by {organisation}.</source>
        <translation>Definida por {organisation}.</translation>
    </message>
    <message>
        <source>Set up Workdiary</source>
        <translation>Configurar Workdiary</translation>
    </message>
    <message>
        <source>Sign in to your marketplace</source>
        <translation>Inicie sesión en su plataforma</translation>
    </message>
    <message>
        <source>Signed in. This computer joins now …</source>
        <translation>Sesión iniciada. Este equipo se está vinculando …</translation>
    </message>
    <message>
        <source>Test picture</source>
        <translation>Captura de prueba</translation>
    </message>
    <message>
        <source>The desktop did not allow a picture.</source>
        <translation>El escritorio no permitió una captura.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sign in again.</source>
        <translation>El llavero perdió las claves de este equipo. Inicie sesión de nuevo.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Sign in again.</source>
        <translation>La plataforma no aceptó este equipo. Inicie sesión de nuevo.</translation>
    </message>
    <message>
        <source>The screen is locked.</source>
        <translation>La pantalla está bloqueada.</translation>
    </message>
    <message>
        <source>This code is unknown, used or expired. Ask your marketplace for a new one.</source>
        <translation>Este código es desconocido, ya se usó o ha caducado. Pida uno nuevo a su plataforma.</translation>
    </message>
    <message>
        <source>This computer has joined {marketplace} as {account}.</source>
        <translation>Este equipo está vinculado a {marketplace} como {account}.</translation>
    </message>
    <message>
        <source>Try a&amp;gain</source>
        <translation>&amp;Reintentar</translation>
    </message>
    <message>
        <source>Waiting for your keyring. It may ask for its password.</source>
        <translation>Esperando a su llavero. Puede que le pida su contraseña.</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>Qué se registra</translation>
    </message>
    <message>
        <source>Enter an address like https://work.example.org.</source>
        <translation>Escriba una dirección como https://work.example.org.</translation>
    </message>
    <message>
        <source>You have agreed to what this contract records.</source>
        <translation>Ha aceptado lo que registra este contrato.</translation>
    </message>
    <message>
        <source>You have no contract yet. The page is shown before your first recording.</source>
        <translation>Aún no tiene ningún contrato. La página se muestra antes de su primera grabación.</translation>
    </message>
    <message>
        <source>Your marketplace shows its address.</source>
        <translation>Su plataforma muestra su dirección.</translation>
    </message>
</context>
<context>
    <name>Idle</name>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Conservar</translation>
    </message>
    <message>
        <source>&amp;Remove this time</source>
        <translation>&amp;Quitar este tiempo</translation>
    </message>
    <message>
        <source>Keep and &amp;continue</source>
        <translation>C&amp;onservar y continuar</translation>
    </message>
    <message>
        <source>No input from {since} to {until}</source>
        <translation>Sin actividad de {since} a {until}</translation>
    </message>
    <message>
        <source>Time without input</source>
        <translation>Tiempo sin actividad</translation>
    </message>
    <message>
        <source>Were you working away from the keyboard, for example on the phone? Keep these {time} with a note: {client} sees the note, and that there was no input. If you remove the time, no record of it remains.</source>
        <translation>¿Trabajaba lejos del teclado, por ejemplo al teléfono? Conserve estos {time} con una nota: {client} ve la nota y que no hubo actividad. Si quita el tiempo, no queda ningún registro de él.</translation>
    </message>
    <message>
        <source>What did you do?</source>
        <translation>¿Qué hizo?</translation>
    </message>
    <message>
        <source>the client</source>
        <translation>el cliente</translation>
    </message>
</context>
<context>
    <name>Manual</name>
    <message>
        <source>&amp;Add {time}</source>
        <translation>&amp;Añadir {time}</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation>&amp;Día</translation>
    </message>
    <message>
        <source>&amp;From, to</source>
        <translation>D&amp;e, a</translation>
    </message>
    <message>
        <source>&amp;Memo</source>
        <translation>De&amp;scripción</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>&amp;Motivo</translation>
    </message>
    <message>
        <source>Add manual time</source>
        <translation>Añadir tiempo manual</translation>
    </message>
    <message>
        <source>At most 12 hours at once.</source>
        <translation>Como mucho 12 horas de una vez.</translation>
    </message>
    <message>
        <source>Con&amp;tract</source>
        <translation>Con&amp;trato</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Día</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>It is marked as entered manually wherever it appears, and it is not protected. The client sees the reason.</source>
        <translation>Se marca como introducido a mano allí donde aparece, y no está protegido. El cliente ve el motivo.</translation>
    </message>
    <message>
        <source>Only time that has passed can be added.</source>
        <translation>Solo se puede añadir tiempo pasado.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>Detenga antes la grabación.</translation>
    </message>
    <message>
        <source>The contract does not allow manual time.</source>
        <translation>El contrato no permite tiempo manual.</translation>
    </message>
    <message>
        <source>The end must be after the beginning.</source>
        <translation>El fin debe ser posterior al inicio.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>A</translation>
    </message>
    <message>
        <source>Write a memo.</source>
        <translation>Escriba una descripción.</translation>
    </message>
    <message>
        <source>Write why it was not recorded.</source>
        <translation>Escriba por qué no se grabó.</translation>
    </message>
</context>
<context>
    <name>Marketplaces</name>
    <message numerus="yes">
        <source>%n entries are waiting for {marketplace}.</source>
        <translation>
            <numerusform>%n entrada espera para {marketplace}.</numerusform>
            <numerusform>%n entradas esperan para {marketplace}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. Switch to it to finish them.</source>
        <translation>
            <numerusform>%n entrada espera. Cambie a esta plataforma para terminarla.</numerusform>
            <numerusform>%n entradas esperan. Cambie a esta plataforma para terminarlas.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. They could not be uploaded yet.</source>
        <translation>
            <numerusform>%n entrada espera. Aún no se pudo enviar.</numerusform>
            <numerusform>%n entradas esperan. Aún no se pudieron enviar.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Añadir …</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>Seguir &amp;igual</translation>
    </message>
    <message>
        <source>&amp;Stop and add</source>
        <translation>&amp;Detener y añadir</translation>
    </message>
    <message>
        <source>&amp;Stop and switch</source>
        <translation>&amp;Detener y cambiar</translation>
    </message>
    <message>
        <source>Add a marketplace</source>
        <translation>Añadir una plataforma</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Marketplaces</source>
        <translation>Plataformas</translation>
    </message>
    <message>
        <source>No other marketplace can be opened.</source>
        <translation>No se puede abrir ninguna otra plataforma.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>No hay nada en espera.</translation>
    </message>
    <message>
        <source>Open now. Time is recorded for it.</source>
        <translation>Abierta ahora. El tiempo se graba para ella.</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>Cerrar sesi&amp;ón …</translation>
    </message>
    <message>
        <source>Stop recording and add a marketplace?</source>
        <translation>¿Detener la grabación y añadir una plataforma?</translation>
    </message>
    <message>
        <source>Stop recording and switch to {marketplace}?</source>
        <translation>¿Detener la grabación y cambiar a {marketplace}?</translation>
    </message>
    <message>
        <source>Switch</source>
        <translation>Cambiar</translation>
    </message>
    <message>
        <source>Switch to {marketplace}</source>
        <translation>Cambiar a {marketplace}</translation>
    </message>
    <message>
        <source>This computer is not signed in to a marketplace.</source>
        <translation>Este equipo no tiene sesión en ninguna plataforma.</translation>
    </message>
    <message>
        <source>This computer stays signed in to the others. One is open at a time.</source>
        <translation>Este equipo mantiene la sesión en las demás. Hay una abierta a la vez.</translation>
    </message>
    <message>
        <source>Your time up to now is saved for {current} and uploaded. What cannot be uploaded now stays safe on this computer and is uploaded later. A picture under review is shown again when you switch back.</source>
        <translation>Su tiempo hasta ahora se guarda para {current} y se envía. Lo que no se pueda enviar ahora queda a salvo en este equipo y se envía más tarde. Una captura en revisión se muestra de nuevo cuando vuelva.</translation>
    </message>
</context>
<context>
    <name>Network</name>
    <message>
        <source>&amp;Connection</source>
        <translation>&amp;Conexión</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>Contr&amp;aseña</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>Qui&amp;tar</translation>
    </message>
    <message>
        <source>&amp;Save password</source>
        <translation>&amp;Guardar contraseña</translation>
    </message>
    <message>
        <source>&amp;Script</source>
        <translation>&amp;Script</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Probar</translation>
    </message>
    <message>
        <source>&amp;User name</source>
        <translation>&amp;Usuario</translation>
    </message>
    <message>
        <source>A proxy that the script names is used without a sign-in.</source>
        <translation>El proxy que indica el script se usa sin usuario ni contraseña.</translation>
    </message>
    <message>
        <source>A user name has no colon and at most 256 characters.</source>
        <translation>Un nombre de usuario no lleva dos puntos y tiene como máximo 256 caracteres.</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos los archivos (*)</translation>
    </message>
    <message>
        <source>An address is missing. Enter it first.</source>
        <translation>Falta una dirección. Escríbala primero.</translation>
    </message>
    <message>
        <source>Asks the marketplace for its name, with these settings.</source>
        <translation>Pregunta a la plataforma su nombre, con estos ajustes.</translation>
    </message>
    <message>
        <source>By a proxy script (PAC)</source>
        <translation>Según un script (PAC)</translation>
    </message>
    <message>
        <source>C&amp;hoose …</source>
        <translation>&amp;Elegir …</translation>
    </message>
    <message>
        <source>Certificate authority: {reason}</source>
        <translation>Autoridad de certificación: {reason}</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>Certificados (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>Choose the certificate authority</source>
        <translation>Elegir la autoridad de certificación</translation>
    </message>
    <message>
        <source>Enter the address of an HTTP proxy without a password, such as http://proxy.example:3128.</source>
        <translation>Escriba la dirección de un proxy HTTP sin contraseña, como http://proxy.example:3128.</translation>
    </message>
    <message>
        <source>Enter the proxy&apos;s address and the user name first.</source>
        <translation>Escriba primero la dirección del proxy y el usuario.</translation>
    </message>
    <message>
        <source>Enter the script&apos;s address (http or https) or the whole path of its file.</source>
        <translation>Escriba la dirección del script (http o https) o la ruta completa de su archivo.</translation>
    </message>
    <message>
        <source>How Workdiary reaches the marketplace.</source>
        <translation>Cómo llega Workdiary a la plataforma.</translation>
    </message>
    <message>
        <source>If the proxy asks for one</source>
        <translation>Si el proxy lo pide</translation>
    </message>
    <message>
        <source>Needed if your organisation inspects connections. The certificates in this PEM file are trusted in addition to the system&apos;s.</source>
        <translation>Necesaria si su organización inspecciona las conexiones. Se confía en los certificados de este archivo PEM además de los del sistema.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Red</translation>
    </message>
    <message>
        <source>No keyring is available, so the proxy&apos;s password cannot be read.</source>
        <translation>No se encontró el llavero que guarda la contraseña del proxy.</translation>
    </message>
    <message>
        <source>No marketplace is set yet. Enter its address first.</source>
        <translation>Aún no hay ninguna plataforma. Escriba primero su dirección.</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no file</comment>
        <translation>Ninguna</translation>
    </message>
    <message>
        <source>Custom certificate authority</source>
        <translation>Autoridad de certificación propia</translation>
    </message>
    <message>
        <source>Proxy &amp;address</source>
        <translation>&amp;Dirección del proxy</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Igual que el sistema</translation>
    </message>
    <message>
        <source>Saved in the keyring. Applies to the next connection.</source>
        <translation>Guardada en el llavero. Se aplica a la próxima conexión.</translation>
    </message>
    <message>
        <source>Saved. Applies to the next connection.</source>
        <translation>Guardado. Se aplica a la próxima conexión.</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Probar la conexión</translation>
    </message>
    <message>
        <source>Testing …</source>
        <translation>Probando …</translation>
    </message>
    <message>
        <source>The certificate is not trusted here. If your organisation inspects connections, choose its certificate authority above. Otherwise check the clock of this computer.</source>
        <translation>El certificado no es de confianza aquí. Si su organización inspecciona las conexiones, elija arriba su autoridad de certificación. Si no, compruebe el reloj de este equipo.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>No se puede leer el archivo.</translation>
    </message>
    <message>
        <source>The file contains a private key, which must stay secret. Choose one with the certificate only.</source>
        <translation>El archivo contiene una clave privada, que debe seguir siendo secreta. Elija uno que solo tenga el certificado.</translation>
    </message>
    <message>
        <source>The file contains no valid certificate in PEM form.</source>
        <translation>El archivo no contiene ningún certificado PEM válido.</translation>
    </message>
    <message>
        <source>The file does not exist any more. Choose another.</source>
        <translation>El archivo ya no existe. Elija otro.</translation>
    </message>
    <message>
        <source>The file is too large for a list of certificates.</source>
        <translation>El archivo es demasiado grande para una lista de certificados.</translation>
    </message>
    <message>
        <source>The proxy&apos;s password could not be read from the keyring. Test again.</source>
        <translation>El llavero no dio la contraseña del proxy. Pruebe otra vez.</translation>
    </message>
    <message>
        <source>The keyring with the proxy&apos;s password is locked. Unlock it, then test again.</source>
        <translation>El llavero con la contraseña del proxy está bloqueado. Desbloquéelo y pruebe otra vez.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time.</source>
        <translation>La plataforma no respondió a tiempo.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s host name is unknown here. Check its address and the network; some networks need a proxy.</source>
        <translation>Aquí no se conoce el nombre de la plataforma. Compruebe su dirección y la red; algunas redes necesitan un proxy.</translation>
    </message>
    <message>
        <source>The password was not saved. {reason}</source>
        <translation>La contraseña no se guardó. {reason}</translation>
    </message>
    <message>
        <source>The password was removed from the keyring.</source>
        <translation>La contraseña se quitó del llavero.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched: {reason}. Check its address.</source>
        <translation>No se puede obtener el script de proxy (PAC): {reason}. Compruebe su dirección.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work: {reason}. Ask the network&apos;s administrator.</source>
        <translation>El script de proxy (PAC) no funciona: {reason}. Pregunte a quien administra la red.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not accept the sign-in. Check the user name and the password.</source>
        <translation>El proxy {proxy} no acepta el inicio de sesión. Compruebe el usuario y la contraseña.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not answer. Check its address.</source>
        <translation>El proxy {proxy} no responde. Compruebe su dirección.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not connect to the marketplace. Ask the network&apos;s administrator whether it is allowed.</source>
        <translation>El proxy {proxy} no conecta con la plataforma. Pregunte a quien administra la red si está permitida.</translation>
    </message>
    <message>
        <source>The proxy {proxy} has an unknown host name. Check its address.</source>
        <translation>El proxy {proxy} tiene un nombre desconocido. Compruebe su dirección.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring keeps it for this proxy and user. Save an empty field to remove it.</source>
        <translation>El llavero del sistema la guarda para este proxy y usuario. Guarde el campo vacío para quitarla.</translation>
    </message>
    <message>
        <source>The type of the proxy {proxy} is not supported. Use the address of an HTTP proxy.</source>
        <translation>El tipo del proxy {proxy} no es compatible. Use la dirección de un proxy HTTP.</translation>
    </message>
    <message>
        <source>There is no connection to the marketplace. Some networks need a proxy.</source>
        <translation>No hay conexión con la plataforma. Algunas redes necesitan un proxy.</translation>
    </message>
    <message>
        <source>Through this proxy</source>
        <translation>Por este proxy</translation>
    </message>
    <message>
        <source>Without a proxy</source>
        <translation>Sin proxy</translation>
    </message>
    <message>
        <source>an error in the script</source>
        <translation>hay un error en el script</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example/proxy.pac</source>
        <translation>p.&#xa0;ej. http://proxy.example/proxy.pac</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example:3128</source>
        <translation>p.&#xa0;ej. http://proxy.example:3128</translation>
    </message>
    <message>
        <source>it does not end</source>
        <translation>no termina</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>es demasiado grande</translation>
    </message>
    <message>
        <source>it names no proxy</source>
        <translation>no indica ningún proxy</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>sin respuesta a tiempo</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>no se puede leer el archivo</translation>
    </message>
    <message>
        <source>the file is missing</source>
        <translation>falta el archivo</translation>
    </message>
    <message>
        <source>{name} answers, through the proxy {proxy}.</source>
        <translation>{name} responde, por el proxy {proxy}.</translation>
    </message>
    <message>
        <source>{name} answers, without a proxy.</source>
        <translation>{name} responde, sin proxy.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>&amp;Answer</source>
        <translation>Re&amp;sponder</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copiar</translation>
    </message>
    <message>
        <source>&amp;OK</source>
        <translation>&amp;Aceptar</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Abrir</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Salir</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>Rein&amp;tentar</translation>
    </message>
    <message>
        <source>&amp;Use its time</source>
        <translation>&amp;Usar su hora</translation>
    </message>
    <message>
        <source>&amp;Write</source>
        <translation>&amp;Escribir</translation>
    </message>
    <message>
        <source>A copy of this folder recorded too: {seconds} are sent again, {unpaid_s} are unpaid.</source>
        <translation>También grabó una copia de esta carpeta: {seconds} se envían de nuevo, {unpaid_s} quedan sin pagar.</translation>
    </message>
    <message>
        <source>A file of the diary is missing from the disk. The rest is safe.</source>
        <translation>Falta en el disco un archivo del diario. El resto está a salvo.</translation>
    </message>
    <message>
        <source>A file of unfinished work cannot be read. It stays on this computer, unpaid.</source>
        <translation>No se puede leer un archivo de trabajo sin terminar. Se queda en este equipo, sin pagar.</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>Un dispositivo nuevo inició sesión en su cuenta. ¿Es suyo?</translation>
    </message>
    <message>
        <source>A newer Workdiary wrote this folder. Nothing changed. Install the newer one.</source>
        <translation>Un Workdiary más nuevo escribió esta carpeta. Nada cambió. Instale el más nuevo.</translation>
    </message>
    <message>
        <source>A random value for picture times was refused. Work continues.</source>
        <translation>Se rechazó un valor aleatorio para las horas de captura. El trabajo continúa.</translation>
    </message>
    <message>
        <source>A record of unsealed work is damaged. At most 10 min are lost. The rest is safe.</source>
        <translation>Un registro de trabajo sin sellar está dañado. Se pierden como mucho 10 min. El resto está a salvo.</translation>
    </message>
    <message>
        <source>A stored file is damaged and was set aside. Everything else continues.</source>
        <translation>Un archivo guardado está dañado y se apartó. Todo lo demás continúa.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Dirección</translation>
    </message>
    <message>
        <source>Another copy of this folder recorded with the same key.</source>
        <translation>Otra copia de esta carpeta grabó con la misma clave.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Joining stopped. Check the address.</source>
        <translation>Otra plataforma responde en esta dirección. Se interrumpió la vinculación. Compruebe la dirección.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Nothing was sent.</source>
        <translation>Otra plataforma responde en esta dirección. No se envió nada.</translation>
    </message>
    <message>
        <source>Before the first recording, this computer must connect to the marketplace once.</source>
        <translation>Antes de la primera grabación, este equipo debe conectarse una vez con la plataforma.</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>C&amp;errar</translation>
    </message>
    <message>
        <source>Earlier work was saved with a clock {off_s} ahead and may not be paid. New work gets the right time.</source>
        <translation>Se guardó trabajo con un reloj {off_s} adelantado y puede que no se pague. El trabajo nuevo recibe la hora correcta.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace signs with another key. Ask its support.</source>
        <translation>Vinculación interrumpida: la plataforma firma con otra clave. Pregunte a su soporte.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace&apos;s log showed two histories. Both are kept.</source>
        <translation>Vinculación interrumpida: la bitácora de la plataforma mostró dos historiales. Se conservan ambos.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Get a new code.</source>
        <translation>La vinculación tardó demasiado. Las claves se conservan. Consiga un código nuevo.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Put a new code into its file.</source>
        <translation>La vinculación tardó demasiado. Las claves se conservan. Ponga un código nuevo en su archivo.</translation>
    </message>
    <message>
        <source>Joining: a contract&apos;s terms are not in the log. Try again later.</source>
        <translation>Vinculación: las condiciones de un contrato no están en la bitácora. Inténtelo más tarde.</translation>
    </message>
    <message>
        <source>Joining: a random value of the marketplace is not in its log. Try again later.</source>
        <translation>Vinculación: un valor aleatorio de la plataforma no está en su bitácora. Inténtelo más tarde.</translation>
    </message>
    <message>
        <source>Joining: no marketplace answered there. Check the address. Workdiary tries again.</source>
        <translation>Vinculación: allí no respondió ninguna plataforma. Compruebe la dirección. Workdiary lo intenta de nuevo.</translation>
    </message>
    <message>
        <source>Joining: the address redirects elsewhere. Check the address and the network.</source>
        <translation>Vinculación: la dirección redirige a otro sitio. Compruebe la dirección y la red.</translation>
    </message>
    <message>
        <source>Joining: the answer is incomplete. Workdiary tries again by itself.</source>
        <translation>Vinculación: la respuesta está incompleta. Workdiary lo intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>Joining: the answer was too long. Workdiary tries again by itself.</source>
        <translation>Vinculación: la respuesta fue demasiado larga. Workdiary lo intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>Joining: the connection broke. Workdiary tries again by itself.</source>
        <translation>Vinculación: se cortó la conexión. Workdiary lo intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>Joining: the file of your certificate authority cannot be used. Choose it again.</source>
        <translation>Vinculación: no se puede usar el archivo de su autoridad de certificación. Elíjalo otra vez.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not answer in time. Workdiary tries again by itself.</source>
        <translation>Vinculación: la plataforma no respondió a tiempo. Workdiary lo intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not prove that this computer is in its log.</source>
        <translation>Vinculación: la plataforma no demostró que este equipo esté en su bitácora.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is busy, retrying later.</source>
        <translation>Vinculación: la plataforma está ocupada, se reintenta más tarde.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is having problems. Workdiary tries again by itself.</source>
        <translation>Vinculación: la plataforma tiene problemas. Workdiary lo intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s certificate is not trusted. Check clock and network.</source>
        <translation>Vinculación: el certificado de la plataforma no es de confianza. Compruebe el reloj y la red.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s log could not be checked. Try again later.</source>
        <translation>Vinculación: no se pudo comprobar la bitácora de la plataforma. Inténtelo más tarde.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s receipt has a wrong time. Check this computer&apos;s clock.</source>
        <translation>Vinculación: el recibo de la plataforma tiene una hora incorrecta. Compruebe el reloj de este equipo.</translation>
    </message>
    <message>
        <source>Joining: the network settings lack an address. Enter it, then try again.</source>
        <translation>Vinculación: en los ajustes de red falta una dirección. Escríbala e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Joining: Workdiary cannot use this kind of proxy. Check the network settings.</source>
        <translation>Vinculación: Workdiary no puede usar este tipo de proxy. Compruebe los ajustes de red.</translation>
    </message>
    <message>
        <source>R&amp;estart</source>
        <translation>&amp;Reiniciar</translation>
    </message>
    <message>
        <source>Joining: the proxy asks for a password. Enter it under Network in the settings.</source>
        <translation>Vinculación: el proxy pide una contraseña. Escríbala en «Red», en los ajustes.</translation>
    </message>
    <message>
        <source>Joining: the proxy did not connect to the marketplace. Workdiary tries again.</source>
        <translation>Vinculación: el proxy no conectó con la plataforma. Workdiary lo intenta de nuevo.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer does not answer. Check its settings.</source>
        <translation>Vinculación: el proxy de este equipo no responde. Compruebe sus ajustes.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer has an unknown name. Check its settings.</source>
        <translation>Vinculación: el proxy de este equipo tiene un nombre desconocido. Compruebe sus ajustes.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) cannot be fetched. Check the network settings.</source>
        <translation>Vinculación: no se puede obtener el script de proxy (PAC). Compruebe los ajustes de red.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) does not work. Check the network settings.</source>
        <translation>Vinculación: el script de proxy (PAC) no funciona. Compruebe los ajustes de red.</translation>
    </message>
    <message>
        <source>New terms were refused: the log does not prove them. The old ones apply.</source>
        <translation>Se rechazaron condiciones nuevas: la bitácora no las demuestra. Se aplican las anteriores.</translation>
    </message>
    <message>
        <source>No keyring was found for the keys. Start one, then try again.</source>
        <translation>No se encontró ningún llavero para las claves. Inicie uno y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>No time was added: a part of it is in your diary already.</source>
        <translation>No se añadió tiempo: una parte ya está en su diario.</translation>
    </message>
    <message>
        <source>No time was added: it needs a memo, a reason and at most 12 hours.</source>
        <translation>No se añadió tiempo: requiere descripción, motivo y como mucho 12 horas.</translation>
    </message>
    <message>
        <source>No time was added: it would end later than now.</source>
        <translation>No se añadió tiempo: terminaría después de ahora.</translation>
    </message>
    <message>
        <source>No time was added: the contract did not allow manual time.</source>
        <translation>No se añadió tiempo: el contrato no permitía tiempo manual.</translation>
    </message>
    <message>
        <source>Nothing could be saved for an hour. Recording pauses until the disk works again.</source>
        <translation>No se pudo guardar nada durante una hora. La grabación se pausa hasta que el disco funcione de nuevo.</translation>
    </message>
    <message>
        <source>Nothing is left to change or delete here.</source>
        <translation>Aquí no queda nada que cambiar o eliminar.</translation>
    </message>
    <message>
        <source>Nothing was covered: at most {limit} areas, each inside the picture.</source>
        <translation>No se cubrió nada: como mucho {limit} áreas, cada una dentro de la captura.</translation>
    </message>
    <message>
        <source>Open this address</source>
        <translation>Abrir esta dirección</translation>
    </message>
    <message>
        <source>Other users can read the diary&apos;s folder. Fix its owner, then try again.</source>
        <translation>Otros usuarios pueden leer la carpeta del diario. Corrija su propietario y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>Over the limit of {limit_s}: recording continues, unpaid.</source>
        <translation>Por encima del límite de {limit_s}: la grabación continúa, sin pago.</translation>
    </message>
    <message>
        <source>Picture deleted. {seconds} of paid time removed.</source>
        <translation>Captura eliminada. Se quitaron {seconds} de tiempo pagado.</translation>
    </message>
    <message>
        <source>Receipt rejected: it proves something else. Your work is safe here.</source>
        <translation>Recibo rechazado: demuestra otra cosa. Su trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>Receipt rejected: wrong time. Your work is safe here.</source>
        <translation>Recibo rechazado: hora incorrecta. Su trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>Recording failed and stopped. Your time until then is saved.</source>
        <translation>La grabación falló y se detuvo. Su tiempo hasta entonces está guardado.</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;Mostrar</translation>
    </message>
    <message>
        <source>S&amp;witch</source>
        <translation>Cam&amp;biar</translation>
    </message>
    <message>
        <source>Screenshots are allowed.</source>
        <translation>Las capturas de pantalla están permitidas.</translation>
    </message>
    <message>
        <source>Screenshots are blocked. Your time still counts; the record notes it.</source>
        <translation>Las capturas de pantalla están bloqueadas. Su tiempo cuenta igualmente; el registro lo anota.</translation>
    </message>
    <message>
        <source>Send a&amp;gain</source>
        <translation>&amp;Enviar de nuevo</translation>
    </message>
    <message>
        <source>Signed out on this computer. Pending work is safe here, for your next sign-in.</source>
        <translation>Sesión cerrada en este equipo. El trabajo pendiente está a salvo aquí hasta su próximo inicio de sesión.</translation>
    </message>
    <message>
        <source>Some of this week&apos;s work is not paid.</source>
        <translation>Parte del trabajo de esta semana no se paga.</translation>
    </message>
    <message>
        <source>Some work could not be signed. It is set aside on this computer.</source>
        <translation>Parte del trabajo no se pudo firmar. Está apartado en este equipo.</translation>
    </message>
    <message>
        <source>Some work is not on the disk yet. Switch once it is saved.</source>
        <translation>Parte del trabajo aún no está en el disco. Cambie cuando esté guardado.</translation>
    </message>
    <message>
        <source>Something did not work ({code}). Your saved work is safe on this computer.</source>
        <translation>Algo no funcionó ({code}). Su trabajo guardado está a salvo en este equipo.</translation>
    </message>
    <message>
        <source>Start a&amp;gain</source>
        <translation>Iniciar de &amp;nuevo</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: the screen was locked. Your time is saved.</source>
        <translation>Detenido a las {at_ms}: se bloqueó la pantalla. Su tiempo está guardado.</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: this computer went to sleep. Your time is saved.</source>
        <translation>Detenido a las {at_ms}: el equipo se suspendió. Su tiempo está guardado.</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Keep these {seconds}?</source>
        <translation>Detenido: sin actividad desde las {at_ms}. ¿Conservar estos {seconds}?</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Time until then is saved.</source>
        <translation>Detenido: sin actividad desde las {at_ms}. El tiempo hasta entonces está guardado.</translation>
    </message>
    <message>
        <source>The answer redirects elsewhere and was not followed. Work is safe here.</source>
        <translation>La respuesta redirige a otro sitio y no se siguió. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The answer was incomplete. Work is safe here and is sent again.</source>
        <translation>La respuesta estaba incompleta. El trabajo está a salvo aquí y se envía de nuevo.</translation>
    </message>
    <message>
        <source>The answer was too long and was discarded. Work is safe here.</source>
        <translation>La respuesta era demasiado larga y se descartó. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The browser cannot reach Workdiary on this computer. Join with a code.</source>
        <translation>El navegador no puede acceder a Workdiary en este equipo. Vincúlelo con un código.</translation>
    </message>
    <message>
        <source>The clocks agree again. Recording can start.</source>
        <translation>Los relojes vuelven a coincidir. Se puede iniciar la grabación.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Get a new one.</source>
        <translation>El código de vinculación es desconocido, ya se usó o ha caducado. Consiga uno nuevo.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Put a new one into its file.</source>
        <translation>El código de vinculación es desconocido, ya se usó o ha caducado. Ponga uno nuevo en su archivo.</translation>
    </message>
    <message>
        <source>The connection broke. Work is safe here and is sent again.</source>
        <translation>Se cortó la conexión. El trabajo está a salvo aquí y se envía de nuevo.</translation>
    </message>
    <message>
        <source>The contract has ended. Nothing is recorded.</source>
        <translation>El contrato ha terminado. No se registra nada.</translation>
    </message>
    <message>
        <source>The contract is paused. Nothing is recorded.</source>
        <translation>El contrato está en pausa. No se registra nada.</translation>
    </message>
    <message>
        <source>The contract&apos;s terms begin on {from_s}.</source>
        <translation>Las condiciones del contrato empiezan el {from_s}.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Recording continues in memory.</source>
        <translation>No se puede escribir en la carpeta del diario. La grabación continúa en memoria.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Work recorded so far is saved.</source>
        <translation>No se puede escribir en la carpeta del diario. El trabajo registrado hasta ahora está guardado.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder is not writable. Check its permissions.</source>
        <translation>No se puede escribir en la carpeta del diario. Compruebe sus permisos.</translation>
    </message>
    <message>
        <source>The disk accepts no data. Recording continues in memory.</source>
        <translation>El disco no acepta datos. La grabación continúa en memoria.</translation>
    </message>
    <message>
        <source>The disk is full, so the diary cannot be opened. Free some space.</source>
        <translation>El disco está lleno y el diario no se puede abrir. Libere espacio.</translation>
    </message>
    <message>
        <source>The disk is full. Recording continues in memory. Free some space soon.</source>
        <translation>El disco está lleno. La grabación continúa en memoria. Libere espacio pronto.</translation>
    </message>
    <message>
        <source>The disk is full. Work recorded so far is saved.</source>
        <translation>El disco está lleno. El trabajo registrado hasta ahora está guardado.</translation>
    </message>
    <message>
        <source>The disk reported an error, so the diary cannot be opened. Check the disk.</source>
        <translation>El disco informó de un error y el diario no se puede abrir. Compruebe el disco.</translation>
    </message>
    <message>
        <source>The disk reported an error. Recording continues as if offline. Check the disk.</source>
        <translation>El disco informó de un error. La grabación continúa como sin conexión. Compruebe el disco.</translation>
    </message>
    <message>
        <source>The disk reported an error. Work recorded so far is saved.</source>
        <translation>El disco informó de un error. El trabajo registrado hasta ahora está guardado.</translation>
    </message>
    <message>
        <source>The disk works again. Your work is saved.</source>
        <translation>El disco vuelve a funcionar. Su trabajo está guardado.</translation>
    </message>
    <message>
        <source>The file of your certificate authority cannot be used. Work is safe here.</source>
        <translation>No se puede usar el archivo de su autoridad de certificación. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The index was damaged and rebuilt from the files. Nothing is lost.</source>
        <translation>El índice estaba dañado y se reconstruyó a partir de los archivos. No se ha perdido nada.</translation>
    </message>
    <message>
        <source>The keyring did not return the keys. Nothing was sent.</source>
        <translation>El llavero no devolvió las claves. No se envió nada.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Join again with a new --enrol-file.</source>
        <translation>El llavero perdió las claves de este equipo. Vincúlelo de nuevo con un --enrol-file nuevo.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sealed work is safe. Join again.</source>
        <translation>El llavero perdió las claves de este equipo. El trabajo sellado está a salvo. Vincúlelo de nuevo.</translation>
    </message>
    <message>
        <source>The keyring stayed locked. Nothing was changed.</source>
        <translation>El llavero siguió bloqueado. No se cambió nada.</translation>
    </message>
    <message>
        <source>The log showed two different histories. Both are kept. Recording continues.</source>
        <translation>La bitácora mostró dos historiales distintos. Se conservan ambos. La grabación continúa.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached.</source>
        <translation>No se puede acceder a la plataforma.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached. The first start needs a connection.</source>
        <translation>No se puede acceder a la plataforma. El primer inicio necesita conexión.</translation>
    </message>
    <message>
        <source>The marketplace did not accept the sign-in. This computer has not joined.</source>
        <translation>La plataforma no aceptó el inicio de sesión. Este equipo no se vinculó.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Keys are kept.</source>
        <translation>La plataforma no aceptó este equipo. Las claves se conservan.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Put a new code into its file.</source>
        <translation>La plataforma no aceptó este equipo. Ponga un código nuevo en su archivo.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time. Work is safe here.</source>
        <translation>La plataforma no respondió a tiempo. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The marketplace does not let this computer join. Ask for the reason, or try again.</source>
        <translation>La plataforma no permite vincular este equipo. Pregunte el motivo o inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The marketplace has no room for more pictures. Work is safe here.</source>
        <translation>La plataforma no tiene espacio para más capturas. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The marketplace is busy. Work is safe here and is sent later.</source>
        <translation>La plataforma está ocupada. El trabajo está a salvo aquí y se envía más tarde.</translation>
    </message>
    <message>
        <source>The marketplace is having problems. Work is safe here.</source>
        <translation>La plataforma tiene problemas. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The marketplace lacks work that your receipts prove. The receipts are kept.</source>
        <translation>A la plataforma le falta trabajo que sus recibos demuestran. Los recibos se conservan.</translation>
    </message>
    <message>
        <source>The marketplace lists work that is not yours. Yours is kept here and not sent.</source>
        <translation>La plataforma muestra trabajo que no es suyo. El suyo se queda aquí y no se envía.</translation>
    </message>
    <message>
        <source>The marketplace lost work that it had received. It is sent again automatically.</source>
        <translation>La plataforma perdió trabajo que había recibido. Se envía de nuevo automáticamente.</translation>
    </message>
    <message>
        <source>The marketplace no longer accepts this computer. Work is safe here.</source>
        <translation>La plataforma ya no acepta este equipo. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The marketplace refused an upload. The record is kept here.</source>
        <translation>La plataforma rechazó un envío. El registro se conserva aquí.</translation>
    </message>
    <message>
        <source>The marketplace refused to let this computer join. Ask for the reason, or try again.</source>
        <translation>La plataforma rechazó vincular este equipo. Pregunte el motivo o inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>The marketplace reports a wrong time. It is ignored; your time is not affected.</source>
        <translation>La plataforma indica una hora incorrecta. Se ignora; su tiempo no se ve afectado.</translation>
    </message>
    <message>
        <source>The marketplace sent a change without a proof. It was refused.</source>
        <translation>La plataforma envió un cambio sin prueba. Se rechazó.</translation>
    </message>
    <message>
        <source>The marketplace signs with another key. Nothing is sent, work is safe here.</source>
        <translation>La plataforma firma con otra clave. No se envía nada; el trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s address must begin with https. Nothing was sent.</source>
        <translation>La dirección de la plataforma debe empezar por https. No se envió nada.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s answer cannot be read. Work is safe here.</source>
        <translation>No se puede leer la respuesta de la plataforma. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s certificate is not trusted here. Nothing was sent.</source>
        <translation>El certificado de la plataforma no es de confianza aquí. No se envió nada.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s clock is {off_s} off. Start again with this computer&apos;s clock.</source>
        <translation>El reloj de la plataforma se desvía {off_s}. Inicie de nuevo con el reloj de este equipo.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log could not be checked. Workdiary tries again. Work continues.</source>
        <translation>No se pudo comprobar la bitácora de la plataforma. Workdiary lo intenta de nuevo. El trabajo continúa.</translation>
    </message>
    <message>
        <source>The memo is too long: at most {limit} characters.</source>
        <translation>La descripción es demasiado larga: como mucho {limit} caracteres.</translation>
    </message>
    <message>
        <source>The network settings lack an address. Work is safe here.</source>
        <translation>En los ajustes de red falta una dirección. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy asks for a password. Work is safe here, not sent.</source>
        <translation>El proxy de la red pide una contraseña. El trabajo está a salvo aquí, sin enviar.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy did not connect to the marketplace. Work is safe here.</source>
        <translation>El proxy de la red no conectó con la plataforma. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The new version did not start. The earlier version continues.</source>
        <translation>La nueva versión no se inició. Se sigue usando la anterior.</translation>
    </message>
    <message>
        <source>The note is too long: at most {limit} characters.</source>
        <translation>La nota es demasiado larga: como mucho {limit} caracteres.</translation>
    </message>
    <message>
        <source>The page may not have opened. If no browser shows it, copy its address into one.</source>
        <translation>Puede que la página no se haya abierto. Si ningún navegador la muestra, copie su dirección en uno.</translation>
    </message>
    <message>
        <source>The picture and its {seconds} are back.</source>
        <translation>Ha recuperado la captura y sus {seconds}.</translation>
    </message>
    <message>
        <source>The picture could not be covered, so it was destroyed. Your time counts.</source>
        <translation>La captura no se pudo cubrir, así que se destruyó. Su tiempo cuenta.</translation>
    </message>
    <message>
        <source>The picture is already saved. Delete it in the diary.</source>
        <translation>La captura ya está guardada. Elimínela en el diario.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched. Work is safe here, not sent.</source>
        <translation>No se puede obtener el script de proxy (PAC). El trabajo está a salvo aquí, sin enviar.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work. Work is safe here, not sent.</source>
        <translation>El script de proxy (PAC) no funciona. El trabajo está a salvo aquí, sin enviar.</translation>
    </message>
    <message>
        <source>The proxy set on this computer does not answer. Work is safe here.</source>
        <translation>El proxy configurado en este equipo no responde. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The proxy set on this computer has an unknown name. Work is safe here.</source>
        <translation>El proxy configurado en este equipo tiene un nombre desconocido. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>The recorder is still saving. You stay signed in. Nothing is lost.</source>
        <translation>Aún se está guardando la grabación. La sesión sigue iniciada. No se pierde nada.</translation>
    </message>
    <message>
        <source>The sign-in was cancelled. This computer has not joined.</source>
        <translation>Se canceló el inicio de sesión. Este equipo no se vinculó.</translation>
    </message>
    <message>
        <source>The sign-in was not finished in the browser. This computer has not joined.</source>
        <translation>No se terminó el inicio de sesión en el navegador. Este equipo no se vinculó.</translation>
    </message>
    <message>
        <source>The week is locked: memos and time stay as they are.</source>
        <translation>La semana está cerrada: descripciones y tiempo quedan como están.</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet. Sign in to join.</source>
        <translation>Este equipo aún no está vinculado a ninguna plataforma. Inicie sesión para vincularlo.</translation>
    </message>
    <message>
        <source>This computer has not joined the marketplace yet.</source>
        <translation>Este equipo aún no está vinculado a la plataforma.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {off_s} behind the last known time. Set it, then start.</source>
        <translation>El reloj de este equipo va {off_s} por detrás de la última hora conocida. Ajústelo y luego inicie.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock shows an impossible year. Set it, then start.</source>
        <translation>El reloj de este equipo muestra un año imposible. Ajústelo y luego inicie.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set ahead by {off_s}. Recording has stopped.</source>
        <translation>El reloj de este equipo se adelantó {off_s}. La grabación se ha detenido.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set back by {off_s}. Recording has stopped.</source>
        <translation>El reloj de este equipo se atrasó {off_s}. La grabación se ha detenido.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set. Your time is not affected.</source>
        <translation>Se ajustó el reloj de este equipo. Su tiempo no se ve afectado.</translation>
    </message>
    <message>
        <source>This computer&apos;s key expires within 8 weeks. Renew it with a new code.</source>
        <translation>La clave de este equipo caduca en menos de 8 semanas. Renuévela con un código nuevo.</translation>
    </message>
    <message>
        <source>This contract is not known on this computer.</source>
        <translation>Este contrato no se conoce en este equipo.</translation>
    </message>
    <message>
        <source>This drive cannot lock files. Keep the diary&apos;s folder on another drive.</source>
        <translation>Esta unidad no puede bloquear archivos. Ponga la carpeta del diario en otra unidad.</translation>
    </message>
    <message>
        <source>This folder is a backup or copy. Work continues after the last upload. Nothing is lost.</source>
        <translation>Esta carpeta es una copia o copia de seguridad. El trabajo sigue tras el último envío. No se pierde nada.</translation>
    </message>
    <message>
        <source>This marketplace has no sign-in in the browser. Join with a one-time code.</source>
        <translation>Esta plataforma no tiene inicio de sesión en el navegador. Vincule el equipo con un código de un solo uso.</translation>
    </message>
    <message>
        <source>This network requires a sign-in first. Work is safe here.</source>
        <translation>Esta red pide antes iniciar sesión. El trabajo está a salvo aquí.</translation>
    </message>
    <message>
        <source>This segment number is already used by a different record. Nothing was overwritten.</source>
        <translation>Este número de segmento ya lo usa otro registro. No se sobrescribió nada.</translation>
    </message>
    <message>
        <source>This week&apos;s limit of {limit_s} is reached. Recording stopped; your time is saved.</source>
        <translation>Se alcanzó el límite semanal de {limit_s}. La grabación se detuvo; su tiempo está guardado.</translation>
    </message>
    <message>
        <source>To join, sign in to this network first. Workdiary then tries again by itself.</source>
        <translation>Para vincular el equipo, inicie antes sesión en esta red. Después Workdiary lo intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>To join, the marketplace must be reached. Workdiary tries again by itself.</source>
        <translation>Para vincular el equipo hay que poder acceder a la plataforma. Workdiary lo intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>To join, the marketplace&apos;s address must begin with https.</source>
        <translation>Para vincular el equipo, la dirección de la plataforma debe empezar por https.</translation>
    </message>
    <message>
        <source>Too late to undo: the picture and its time are deleted.</source>
        <translation>Demasiado tarde para deshacer: la captura y su tiempo están eliminados.</translation>
    </message>
    <message>
        <source>Too many pictures are waiting for upload. Start again once they are uploaded.</source>
        <translation>Demasiadas capturas esperan su envío. Inicie de nuevo cuando se hayan enviado.</translation>
    </message>
    <message>
        <source>Updates were refused: their signatures or dates are not valid. Nothing was changed.</source>
        <translation>Actualizaciones rechazadas: firmas o fechas no válidas. No se cambió nada.</translation>
    </message>
    <message>
        <source>Workdiary cannot use this kind of proxy. Work is safe here, not sent.</source>
        <translation>Workdiary no puede usar este tipo de proxy. El trabajo está a salvo aquí, sin enviar.</translation>
    </message>
    <message>
        <source>Workdiary could not open the page. Copy its address into a browser.</source>
        <translation>Workdiary no pudo abrir la página. Copie su dirección en un navegador.</translation>
    </message>
    <message>
        <source>Workdiary failed to start. Your saved work is safe.</source>
        <translation>Workdiary no pudo iniciarse. Su trabajo guardado está a salvo.</translation>
    </message>
    <message>
        <source>Workdiary is already running with this folder. Nothing was changed.</source>
        <translation>Workdiary ya se está ejecutando con esta carpeta. Nada cambió.</translation>
    </message>
    <message>
        <source>Write what you are working on first.</source>
        <translation>Escriba primero en qué trabaja.</translation>
    </message>
    <message>
        <source>You are signed out. Your other marketplace is open now.</source>
        <translation>Ha cerrado la sesión. Ahora está abierta su otra plataforma.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} ahead of the marketplace. Recording is stopped.</source>
        <translation>Su reloj va {off_s} por delante de la plataforma. La grabación está detenida.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} behind the marketplace. Recording is stopped.</source>
        <translation>Su reloj va {off_s} por detrás de la plataforma. La grabación está detenida.</translation>
    </message>
    <message>
        <source>Your desktop asks whether Workdiary may take screenshots.</source>
        <translation>Su escritorio pregunta si Workdiary puede tomar capturas de pantalla.</translation>
    </message>
    <message>
        <source>Your desktop did not answer the request for screenshots. Your time still counts.</source>
        <translation>Su escritorio no respondió a la petición de capturas de pantalla. Su tiempo cuenta igualmente.</translation>
    </message>
    <message>
        <source>Your diary has entries up to {ahead_s} ahead of now. New time is added after them.</source>
        <translation>Su diario tiene entradas hasta {ahead_s} por delante de ahora. El tiempo nuevo se añade después.</translation>
    </message>
    <message>
        <source>{percent} % of this week&apos;s limit is used: {used_s} of {limit_s}.</source>
        <translation>Se ha usado el {percent}&#xa0;% del límite semanal: {used_s} de {limit_s}.</translation>
    </message>
    <message>
        <source>{seconds} from before the interruption are in the diary.</source>
        <translation>{seconds} de antes de la interrupción están en el diario.</translation>
    </message>
    <message>
        <source>{seconds} of this week&apos;s work are unpaid. See why.</source>
        <translation>{seconds} del trabajo de esta semana están sin pagar. Vea por qué.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a key that is lost. They are set aside and not paid.</source>
        <translation>{seconds} se registraron con una clave perdida. Están apartados y no se pagan.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a wrong clock. They are set aside, not paid.</source>
        <translation>{seconds} se registraron con un reloj incorrecto. Están apartados, sin pagar.</translation>
    </message>
    <message>
        <source>{seconds} without input are kept, with your note.</source>
        <translation>{seconds} sin actividad se conservan, con su nota.</translation>
    </message>
</context>
<context>
    <name>Notification</name>
    <message numerus="yes">
        <source>%n entries are waiting. They are safe on this computer.</source>
        <translation>
            <numerusform>%n parte de trabajo espera. Está guardada en este equipo.</numerusform>
            <numerusform>%n partes de trabajo esperan. Están guardadas en este equipo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new questions</source>
        <translation>
            <numerusform>%n pregunta nueva</numerusform>
            <numerusform>%n preguntas nuevas</numerusform>
        </translation>
    </message>
    <message>
        <source>A client has a question</source>
        <translation>Un cliente tiene una pregunta</translation>
    </message>
    <message>
        <source>Clock problem solved</source>
        <translation>Problema del reloj resuelto</translation>
    </message>
    <message>
        <source>Disk problem</source>
        <translation>Problema con el disco</translation>
    </message>
    <message>
        <source>Disk problem solved</source>
        <translation>Problema con el disco resuelto</translation>
    </message>
    <message>
        <source>New device</source>
        <translation>Dispositivo nuevo</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Sin conexión</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Recording for {span} without a break.</source>
        <translation>Grabando desde hace {span} sin pausa.</translation>
    </message>
    <message>
        <source>Recording paused</source>
        <translation>Grabación en pausa</translation>
    </message>
    <message>
        <source>Recording started</source>
        <translation>Grabación iniciada</translation>
    </message>
    <message>
        <source>Recording stopped</source>
        <translation>Grabación detenida</translation>
    </message>
    <message>
        <source>Recording stopped: clock problem</source>
        <translation>Grabación detenida: problema con el reloj</translation>
    </message>
    <message>
        <source>Recording stopped: contract ended</source>
        <translation>Grabación detenida: contrato terminado</translation>
    </message>
    <message>
        <source>Recording stopped: contract paused</source>
        <translation>Grabación detenida: contrato en pausa</translation>
    </message>
    <message>
        <source>Recording stopped: disk problem</source>
        <translation>Grabación detenida: problema con el disco</translation>
    </message>
    <message>
        <source>Recording stopped: error</source>
        <translation>Grabación detenida: error</translation>
    </message>
    <message>
        <source>Recording stopped: no input</source>
        <translation>Grabación detenida: sin actividad</translation>
    </message>
    <message>
        <source>Recording stopped: screen locked</source>
        <translation>Grabación detenida: pantalla bloqueada</translation>
    </message>
    <message>
        <source>Recording stopped: this computer went to sleep</source>
        <translation>Grabación detenida: el equipo se suspendió</translation>
    </message>
    <message>
        <source>Recording stopped: too many pictures are waiting</source>
        <translation>Grabación detenida: demasiadas capturas pendientes</translation>
    </message>
    <message>
        <source>Recording stopped: weekly limit reached</source>
        <translation>Grabación detenida: límite semanal alcanzado</translation>
    </message>
    <message>
        <source>Some work is not paid</source>
        <translation>Parte del trabajo no se paga</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Iniciar</translation>
    </message>
    <message>
        <source>Start recording?</source>
        <translation>¿Iniciar la grabación?</translation>
    </message>
    <message>
        <source>Still recording</source>
        <translation>La grabación sigue</translation>
    </message>
    <message>
        <source>The marketplace has not answered for {span}. Your work is stored on this computer.</source>
        <translation>La plataforma no responde desde hace {span}. Su trabajo está guardado en este equipo.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log has changed</source>
        <translation>La bitácora de la plataforma ha cambiado</translation>
    </message>
    <message>
        <source>Update ready</source>
        <translation>Actualización lista</translation>
    </message>
    <message>
        <source>Uploading takes long</source>
        <translation>El envío tarda mucho</translation>
    </message>
    <message>
        <source>Weekly limit almost reached</source>
        <translation>Límite semanal casi alcanzado</translation>
    </message>
    <message>
        <source>Weekly limit reached</source>
        <translation>Límite semanal alcanzado</translation>
    </message>
    <message>
        <source>You chose this time to be reminded. Contract: {contract}</source>
        <translation>Eligió esta hora para recibir un aviso. Contrato: {contract}</translation>
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
        <translation>Cu&amp;brir …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Eliminar</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Conservar</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Deshacer</translation>
    </message>
    <message>
        <source>Deleted, with its time.</source>
        <translation>Eliminada, con su tiempo.</translation>
    </message>
    <message>
        <source>Deleting removes {span} of paid time</source>
        <translation>Eliminar quita {span} de tiempo pagado</translation>
    </message>
    <message>
        <source>Deleting {cost}</source>
        <translation>Eliminar {cost}</translation>
    </message>
    <message>
        <source>Hidden: do not disturb</source>
        <translation>Oculta: no molestar</translation>
    </message>
    <message>
        <source>Hidden: full screen</source>
        <translation>Oculta: pantalla completa</translation>
    </message>
    <message>
        <source>Hidden: screen is shared</source>
        <translation>Oculta: pantalla compartida</translation>
    </message>
    <message>
        <source>Last picture</source>
        <translation>Última captura</translation>
    </message>
    <message>
        <source>Last picture {time}</source>
        <translation>Última captura {time}</translation>
    </message>
    <message>
        <source>No picture yet. No pictures are taken while paused.</source>
        <translation>Aún no hay captura. Durante una pausa no se toman capturas.</translation>
    </message>
    <message>
        <source>No picture yet. Press Start to begin.</source>
        <translation>Aún no hay captura. Pulse Iniciar para empezar.</translation>
    </message>
    <message>
        <source>No picture: a hidden area could not be covered.</source>
        <translation>Sin captura: un área oculta no se pudo cubrir.</translation>
    </message>
    <message>
        <source>No picture: not possible on this desktop.</source>
        <translation>Sin captura: no es posible en este escritorio.</translation>
    </message>
    <message>
        <source>No picture: screenshots are blocked.</source>
        <translation>Sin captura: las capturas de pantalla están bloqueadas.</translation>
    </message>
    <message>
        <source>No picture: the screen was locked.</source>
        <translation>Sin captura: la pantalla estaba bloqueada.</translation>
    </message>
    <message>
        <source>No picture: the screenshot failed. Your time still counts.</source>
        <translation>Sin captura: la captura falló. Su tiempo cuenta igualmente.</translation>
    </message>
    <message>
        <source>Not uploaded while you look</source>
        <translation>No se envía mientras la mira</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>Captura {time}</translation>
    </message>
    <message>
        <source>Picture {time} deleted</source>
        <translation>Captura {time} eliminada</translation>
    </message>
    <message numerus="yes">
        <source>Picture {time}, upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Captura {time}, se envía en %n&#xa0;s</numerusform>
            <numerusform>Captura {time}, se envía en %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Picture {time}, upload paused</source>
        <translation>Captura {time}, envío en pausa</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Se envía en %n&#xa0;s</numerusform>
            <numerusform>Se envía en %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Preview hidden</source>
        <translation>Vista previa oculta</translation>
    </message>
    <message>
        <source>The next picture is taken at a random moment.</source>
        <translation>La próxima captura se toma en un momento al azar.</translation>
    </message>
    <message>
        <source>This contract asks for no pictures.</source>
        <translation>Este contrato no pide capturas.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <comment>on a narrow line</comment>
        <translation>
            <numerusform>Se envía en %n&#xa0;s</numerusform>
            <numerusform>Se envía en %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You can undo this for %n&#xa0;s</source>
        <translation>
            <numerusform>Puede deshacerlo durante %n&#xa0;s</numerusform>
            <numerusform>Puede deshacerlo durante %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>removes {span} of paid time</source>
        <translation>quita {span} de tiempo pagado</translation>
    </message>
    <message>
        <source>{span} of paid time removed</source>
        <translation>Se quitaron {span} pagados</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>Please confirm</source>
        <translation>Confirme</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message numerus="yes">
        <source>%n questions of clients wait for an answer.</source>
        <translation>
            <numerusform>%n pregunta de clientes espera una respuesta.</numerusform>
            <numerusform>%n preguntas de clientes esperan una respuesta.</numerusform>
        </translation>
    </message>
    <message>
        <source>(deleted)</source>
        <translation>(eliminado)</translation>
    </message>
    <message>
        <source>Answer sent. The client can read it.</source>
        <translation>Respuesta enviada. El cliente puede leerla.</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Comentario</translation>
    </message>
    <message>
        <source>Dispute of {client}</source>
        <translation>Disputa de {client}</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>vie</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>lun</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>Pregunta siguiente</translation>
    </message>
    <message>
        <source>Previous question</source>
        <translation>Pregunta anterior</translation>
    </message>
    <message>
        <source>Question from {client}</source>
        <translation>Pregunta de {client}</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>sáb</translation>
    </message>
    <message>
        <source>Send a&amp;nswer</source>
        <translation>E&amp;nviar respuesta</translation>
    </message>
    <message>
        <source>Sending your answer …</source>
        <translation>Enviando su respuesta …</translation>
    </message>
    <message>
        <source>Settled by the client</source>
        <translation>Resuelta por el cliente</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>dom</translation>
    </message>
    <message>
        <source>The marketplace did not accept your answer. Send it again.</source>
        <translation>La plataforma no aceptó su respuesta. Envíela de nuevo.</translation>
    </message>
    <message>
        <source>The page in the browser shows all replies.</source>
        <translation>La página del navegador muestra todas las respuestas.</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>jue</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>mar</translation>
    </message>
    <message>
        <source>Waits for your answer</source>
        <translation>Espera su respuesta</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>mié</translation>
    </message>
    <message>
        <source>You, {when}</source>
        <translation>Usted, {when}</translation>
    </message>
    <message>
        <source>{name}, {when}</source>
        <translation>{name}, {when}</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>Su respuesta</translation>
    </message>
    <message>
        <source>Your answer is saved. It will be sent when online.</source>
        <translation>Su respuesta está guardada. Se enviará cuando haya conexión.</translation>
    </message>
    <message>
        <source>{client} asks about {times}</source>
        <translation>{client} pregunta por {times}</translation>
    </message>
    <message>
        <source>{client} disputes {times}</source>
        <translation>{client} disputa {times}</translation>
    </message>
    <message>
        <source>{day} {start}–{end}</source>
        <translation>{day} {start}–{end}</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} de {count}</translation>
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
            <numerusform>%n en espera, a salvo en este equipo, se envía en el próximo inicio.</numerusform>
            <numerusform>%n en espera, a salvo en este equipo, se envían en el próximo inicio.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Keep recording</source>
        <translation>&amp;Seguir grabando</translation>
    </message>
    <message>
        <source>&amp;Quit, lose unsaved work</source>
        <translation>Salir y &amp;perder lo no guardado</translation>
    </message>
    <message>
        <source>&amp;Stop and quit</source>
        <translation>&amp;Detener y salir</translation>
    </message>
    <message>
        <source>Quit now?</source>
        <translation>¿Salir ahora?</translation>
    </message>
    <message>
        <source>Stop recording and quit?</source>
        <translation>¿Detener la grabación y salir?</translation>
    </message>
    <message>
        <source>The disk does not accept your latest work. Workdiary saves it as soon as the disk works again. If you quit before that, it is lost.</source>
        <translation>El disco no acepta su trabajo más reciente. Workdiary lo guarda en cuanto el disco vuelva a funcionar. Si sale antes, se pierde.</translation>
    </message>
    <message>
        <source>Your time up to now is saved on this computer.</source>
        <translation>Su tiempo hasta ahora está guardado en este equipo.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message numerus="yes">
        <source>%n&#xa0;s left to undo</source>
        <translation>
            <numerusform>Quedan %n&#xa0;s para deshacer</numerusform>
            <numerusform>Quedan %n&#xa0;s para deshacer</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Delete ({cost})</source>
        <translation>&amp;Eliminar ({cost})</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>&amp;Ajustar</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Conservar</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Keep with %n areas covered</source>
        <translation>
            <numerusform>&amp;Conservar con %n área cubierta</numerusform>
            <numerusform>&amp;Conservar con %n áreas cubiertas</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Keep with 1 area covered</source>
        <translation>&amp;Conservar con 1 área cubierta</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>&amp;Deshacer la eliminación</translation>
    </message>
    <message numerus="yes">
        <source>Can be undone for %n&#xa0;s</source>
        <translation>
            <numerusform>Se puede deshacer durante %n&#xa0;s</numerusform>
            <numerusform>Se puede deshacer durante %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Cl&amp;ose</source>
        <translation>&amp;Cerrar</translation>
    </message>
    <message numerus="yes">
        <source>Cove&amp;r %n areas</source>
        <translation>
            <numerusform>C&amp;ubrir %n área</numerusform>
            <numerusform>C&amp;ubrir %n áreas</numerusform>
        </translation>
    </message>
    <message>
        <source>Cove&amp;r 1 area</source>
        <translation>C&amp;ubrir 1 área</translation>
    </message>
    <message>
        <source>Cover an &amp;area</source>
        <translation>Cubrir un á&amp;rea</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>Cubierta</translation>
    </message>
    <message>
        <source>Deleted, with its time</source>
        <translation>Eliminada, con su tiempo</translation>
    </message>
    <message>
        <source>Deleted. {span} of paid time removed.</source>
        <translation>Eliminada. Se quitaron {span} de tiempo pagado.</translation>
    </message>
    <message>
        <source>Held while this window is open</source>
        <translation>Retenida mientras esta ventana esté abierta</translation>
    </message>
    <message>
        <source>Keep &amp;without covers</source>
        <translation>Conservar &amp;sin cubrir</translation>
    </message>
    <message>
        <source>Kept, not uploaded yet</source>
        <translation>Conservada, aún sin enviar</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>Cargando la captura …</translation>
    </message>
    <message>
        <source>Or drag over the picture. The arrow keys move the area.</source>
        <translation>O arrastre sobre la captura. Las flechas mueven el área.</translation>
    </message>
    <message>
        <source>Original size</source>
        <translation>Tamaño original</translation>
    </message>
    <message>
        <source>Picture {time}</source>
        <translation>Captura {time}</translation>
    </message>
    <message>
        <source>Picture {time} at full size</source>
        <translation>Captura {time} a tamaño completo</translation>
    </message>
    <message>
        <source>Remove cover {number}, {width} × {height} pixels</source>
        <translation>Quitar la cubierta {number}, {width} × {height} píxeles</translation>
    </message>
    <message>
        <source>Remove la&amp;st cover</source>
        <translation>Quitar la ú&amp;ltima cubierta</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Guardada</translation>
    </message>
    <message>
        <source>Stays on this computer</source>
        <translation>Se queda en este equipo</translation>
    </message>
    <message>
        <source>The areas are being covered</source>
        <translation>Se están cubriendo las áreas</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>La captura ya no está en este equipo.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Se envía en %n&#xa0;s</numerusform>
            <numerusform>Se envía en %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Uploaded when the current ten minutes have ended</source>
        <translation>Se envía al terminar los diez minutos actuales</translation>
    </message>
    <message>
        <source>You can delete it in the diary</source>
        <translation>Puede eliminarla en el diario</translation>
    </message>
    <message>
        <source>Your time stays; the client sees the covers.</source>
        <translation>Su tiempo se queda; el cliente ve las áreas cubiertas.</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Acercar</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Alejar</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Tema</translation>
    </message>
    <message>
        <source>A screen area in pixels: left, top, width and height</source>
        <translation>Un área de la pantalla en píxeles: izquierda, arriba, ancho y alto</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Añadir</translation>
    </message>
    <message>
        <source>Add application</source>
        <translation>Añadir aplicación</translation>
    </message>
    <message>
        <source>Add area</source>
        <translation>Añadir área</translation>
    </message>
    <message>
        <source>Add one that is open now</source>
        <translation>Añadir una abierta ahora</translation>
    </message>
    <message>
        <source>Add reminder</source>
        <translation>Añadir recordatorio</translation>
    </message>
    <message numerus="yes">
        <source>After %n&#xa0;hours of recording</source>
        <translation>
            <numerusform>Tras %n&#xa0;hora de grabación</numerusform>
            <numerusform>Tras %n&#xa0;horas de grabación</numerusform>
        </translation>
    </message>
    <message>
        <source>All monitors</source>
        <translation>Todos los monitores</translation>
    </message>
    <message>
        <source>Ca&amp;pture</source>
        <translation>Ca&amp;pturar</translation>
    </message>
    <message>
        <source>&amp;Check …</source>
        <translation>&amp;Comprobar …</translation>
    </message>
    <message>
        <source>&amp;Blur pictures</source>
        <translation>&amp;Difuminar las capturas</translation>
    </message>
    <message>
        <source>&amp;Start Workdiary when you log in</source>
        <translation>&amp;Iniciar Workdiary al iniciar sesión</translation>
    </message>
    <message>
        <source>&amp;What is recorded</source>
        <translation>&amp;Qué se registra</translation>
    </message>
    <message>
        <source>Add application to show</source>
        <translation>Añadir aplicación que se muestra</translation>
    </message>
    <message>
        <source>All but the hidden ones</source>
        <translation>Todas salvo las ocultas</translation>
    </message>
    <message>
        <source>Applications that pictures &amp;show</source>
        <translation>Aplicaciones que las capturas &amp;muestran</translation>
    </message>
    <message>
        <source>Applications that pictures show</source>
        <translation>Aplicaciones que las capturas muestran</translation>
    </message>
    <message>
        <source>Changes apply at once.</source>
        <translation>Los cambios se aplican al momento.</translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation>Comprobar este equipo</translation>
    </message>
    <message>
        <source>Count &amp;key presses, clicks and scrolls</source>
        <translation>Contar pulsaciones de &amp;teclas, clics y desplazamientos</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscuro</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Detalles</translation>
    </message>
    <message>
        <source>Hidden &amp;applications</source>
        <translation>A&amp;plicaciones ocultas</translation>
    </message>
    <message>
        <source>Hidden applications</source>
        <translation>Aplicaciones ocultas</translation>
    </message>
    <message>
        <source>Hidden screen a&amp;reas</source>
        <translation>Á&amp;reas de pantalla ocultas</translation>
    </message>
    <message>
        <source>Hidden screen areas</source>
        <translation>Áreas de pantalla ocultas</translation>
    </message>
    <message>
        <source>It stays hidden during do not disturb, while another program fills the screen, and while the screen is shared, if the desktop reports that. Otherwise choose Hide previews in the tray&apos;s menu before you share your screen.</source>
        <translation>Queda oculta con «No molestar», mientras otro programa ocupa toda la pantalla y mientras se comparte la pantalla, si el escritorio lo comunica. Si no, elija «Ocultar vistas previas» en el menú de la bandeja antes de compartir su pantalla.</translation>
    </message>
    <message>
        <source>It opens its window then and records nothing before Start.</source>
        <translation>Entonces abre su ventana y no registra nada antes de Iniciar.</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Idioma</translation>
    </message>
    <message>
        <source>&amp;Report …</source>
        <translation>In&amp;forme …</translation>
    </message>
    <message>
        <source>&amp;Shortcut for Start and Stop</source>
        <translation>Ata&amp;jo para iniciar y detener</translation>
    </message>
    <message>
        <source>&amp;Time to check each picture</source>
        <translation>Tiempo para revisar cada captur&amp;a</translation>
    </message>
    <message>
        <source>&amp;Updates of Workdiary</source>
        <translation>Act&amp;ualizaciones de Workdiary</translation>
    </message>
    <message>
        <source>A change applies when Workdiary starts again.</source>
        <translation>El cambio se aplica cuando Workdiary se inicia de nuevo.</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>Todos los contratos</translation>
    </message>
    <message>
        <source>All contracts: only {names}. An application in this contract&apos;s list must be in that list too.</source>
        <translation>Todos los contratos: solo {names}. Una aplicación de la lista de este contrato también debe estar en esa lista.</translation>
    </message>
    <message>
        <source>All contracts: {names}</source>
        <translation>Todos los contratos: {names}</translation>
    </message>
    <message>
        <source>Another program uses these keys. Choose others.</source>
        <translation>Otro programa usa estas teclas. Elija otras.</translation>
    </message>
    <message>
        <source>Appearance and language</source>
        <translation>Apariencia e idioma</translation>
    </message>
    <message>
        <source>As for all contracts</source>
        <translation>Como en todos los contratos</translation>
    </message>
    <message>
        <source>As in the contract</source>
        <translation>Como indica el contrato</translation>
    </message>
    <message>
        <source>It is uploaded after that, unless you delete it. A contract may give more time.</source>
        <translation>Después se envía, salvo que la elimine. Un contrato puede dar más tiempo.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Light</source>
        <comment>strength of the blur</comment>
        <translation>Leve</translation>
    </message>
    <message>
        <source>Lines and secondary texts get the colour of the text.</source>
        <translation>Las líneas y los textos secundarios toman el color del texto.</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Bloqueado</translation>
    </message>
    <message>
        <source>Locked by the administrator of this computer.</source>
        <translation>Bloqueado por quien administra este equipo.</translation>
    </message>
    <message>
        <source>Locked by your organisation, {name}.</source>
        <translation>Bloqueado por su organización, {name}.</translation>
    </message>
    <message>
        <source>Medium</source>
        <comment>strength of the blur</comment>
        <translation>Medio</translation>
    </message>
    <message>
        <source>More co&amp;ntrast</source>
        <translation>&amp;Más contraste</translation>
    </message>
    <message>
        <source>Name of an application</source>
        <translation>Nombre de una aplicación</translation>
    </message>
    <message>
        <source>Name of an application to show</source>
        <translation>Nombre de una aplicación que se muestra</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nunca</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no shortcut</comment>
        <translation>Ninguno</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no updates</comment>
        <translation>Ninguna</translation>
    </message>
    <message>
        <source>Not blurred</source>
        <translation>Sin difuminar</translation>
    </message>
    <message>
        <source>Not saved: {problem}. Applies until you quit.</source>
        <translation>No se guardó: {problem}. Se aplica hasta que salga.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Desactivado</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Activado</translation>
    </message>
    <message>
        <source>On Wayland, pictures always show all monitors.</source>
        <translation>En Wayland, las capturas siempre muestran todos los monitores.</translation>
    </message>
    <message>
        <source>Only those listed</source>
        <translation>Solo las de la lista</translation>
    </message>
    <message>
        <source>Previews too</source>
        <translation>También versiones previas</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privacidad</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Grabación</translation>
    </message>
    <message>
        <source>Remind me to &amp;start at</source>
        <translation>Recordarme &amp;iniciar a las</translation>
    </message>
    <message>
        <source>Remind me to take a &amp;break</source>
        <translation>Recordarme hacer una &amp;pausa</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>Recordatorios</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Remove application</source>
        <translation>Quitar aplicación</translation>
    </message>
    <message>
        <source>Remove application to show</source>
        <translation>Quitar aplicación que se muestra</translation>
    </message>
    <message>
        <source>Remove area</source>
        <translation>Quitar área</translation>
    </message>
    <message>
        <source>Remove reminder</source>
        <translation>Quitar recordatorio</translation>
    </message>
    <message>
        <source>Removes small details, so that text is hard to read. Cover what must stay secret. The client sees that pictures are blurred.</source>
        <translation>Quita los detalles pequeños, de modo que el texto cuesta leerlo. Cubra lo que deba seguir siendo secreto. El cliente ve que las capturas están difuminadas.</translation>
    </message>
    <message>
        <source>Rules &amp;for</source>
        <translation>Re&amp;glas para</translation>
    </message>
    <message>
        <source>Rules for one contract add to those for all contracts: what either covers is covered.</source>
        <translation>Las reglas de un contrato se suman a las de todos los contratos: se cubre lo que cubra cualquiera de ellas.</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Como el sistema</translation>
    </message>
    <message>
        <source>Save a report for support</source>
        <translation>Guardar un informe para el soporte</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Guardado.</translation>
    </message>
    <message>
        <source>Saved. Applies at the next Start.</source>
        <translation>Guardado. Se aplica en el próximo inicio.</translation>
    </message>
    <message>
        <source>Saved. Applies at your next login.</source>
        <translation>Guardado. Se aplica en el próximo inicio de sesión.</translation>
    </message>
    <message>
        <source>Saved. Applies from the next picture.</source>
        <translation>Guardado. Se aplica desde la próxima captura.</translation>
    </message>
    <message>
        <source>Saved. Applies when Workdiary starts again.</source>
        <translation>Guardado. Se aplica cuando Workdiary se inicia de nuevo.</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Secciones</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Show a pre&amp;view when a picture is taken</source>
        <translation>Mostrar una &amp;vista previa al tomar una captura</translation>
    </message>
    <message>
        <source>Show one that is open now</source>
        <translation>Mostrar una abierta ahora</translation>
    </message>
    <message>
        <source>Stable versions</source>
        <translation>Versiones estables</translation>
    </message>
    <message>
        <source>Start or stop recording</source>
        <translation>Iniciar o detener la grabación</translation>
    </message>
    <message>
        <source>Strong</source>
        <comment>strength of the blur</comment>
        <translation>Fuerte</translation>
    </message>
    <message>
        <source>Start Workdiary when you log in.</source>
        <translation>Iniciar Workdiary al iniciar sesión.</translation>
    </message>
    <message>
        <source>Not changed: {problem}.</source>
        <translation>No se ha cambiado: {problem}.</translation>
    </message>
    <message>
        <source>Tests pictures, input counts, the keyring, the tray and the connection.</source>
        <translation>Prueba las capturas, los recuentos, el llavero, la bandeja y la conexión.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. Ask an administrator of this computer to correct it.</source>
        <translation>La directiva en {place} tiene errores. Pida a quien administra este equipo que la corrija.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. No pictures are taken until an administrator of this computer corrects it.</source>
        <translation>La directiva en {place} tiene errores. No se toman capturas hasta que quien administra este equipo la corrija.</translation>
    </message>
    <message>
        <source>The policy in {place} sets “{row}”. Only an administrator of this computer can change it.</source>
        <translation>La directiva en {place} fija «{row}». Solo quien administra este equipo puede cambiarlo.</translation>
    </message>
    <message>
        <source>This desktop has no start at login.</source>
        <translation>Este escritorio no ofrece inicio automático.</translation>
    </message>
    <message>
        <source>Start at login is unknown: {problem}.</source>
        <translation>Inicio automático desconocido: {problem}.</translation>
    </message>
    <message>
        <source>The administrator of this computer requires at least {span}.</source>
        <translation>Quien administra este equipo exige al menos {span}.</translation>
    </message>
    <message>
        <source>The checks, the settings and the log, without personal data. You see all of it before it is saved.</source>
        <translation>Las comprobaciones, los ajustes y el registro, sin datos personales. Lo ve todo antes de guardarlo.</translation>
    </message>
    <message>
        <source>The desktop did not allow the shortcut.</source>
        <translation>El escritorio no permitió el atajo.</translation>
    </message>
    <message>
        <source>The desktop does not let Workdiary start at login.</source>
        <translation>El escritorio no permite el inicio automático.</translation>
    </message>
    <message>
        <source>The desktop has set: {keys}</source>
        <translation>El escritorio ha asignado: {keys}</translation>
    </message>
    <message>
        <source>The lists below could not be read. No pictures are taken until you confirm them.</source>
        <translation>Las listas de abajo no se pudieron leer. No se toman capturas hasta que las confirme.</translation>
    </message>
    <message>
        <source>The monitor with the pointer</source>
        <translation>El monitor del puntero</translation>
    </message>
    <message>
        <source>The shortcut does not work on this desktop.</source>
        <translation>El atajo no funciona en este escritorio.</translation>
    </message>
    <message>
        <source>Their windows are covered before a picture is saved, and the record notes it. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>Sus ventanas se cubren antes de guardar una captura, y el registro lo anota. Si el escritorio no informa de dónde están las ventanas, como en Wayland, no se toman capturas.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Este equipo</translation>
    </message>
    <message>
        <source>This desktop does not offer shortcuts to programs.</source>
        <translation>Este escritorio no da atajos a los programas.</translation>
    </message>
    <message>
        <source>This keyboard lacks that key. Choose another one.</source>
        <translation>Este teclado no tiene esa tecla. Elija otra.</translation>
    </message>
    <message>
        <source>Time of day</source>
        <translation>Hora del día</translation>
    </message>
    <message>
        <source>Times of the reminders to start</source>
        <translation>Horas de los recordatorios de inicio</translation>
    </message>
    <message>
        <source>Use Ctrl, Alt or Meta with a letter A to Z, a digit, an arrow or F1 to F24. Ctrl+Alt+F1 to F24 belong to the system.</source>
        <translation>Use Ctrl, Alt o Meta con una letra de la A a la Z, una cifra, una flecha o F1 a F24. Ctrl+Alt+F1 a F24 pertenecen al sistema.</translation>
    </message>
    <message>
        <source>Use the lists as shown</source>
        <translation>Usar las listas mostradas</translation>
    </message>
    <message>
        <source>W&amp;indows in pictures</source>
        <translation>V&amp;entanas en las capturas</translation>
    </message>
    <message>
        <source>When off, only the seconds with input are recorded, if the system reports them. Takes effect at the next Start.</source>
        <translation>Si está desactivado, solo se registran los segundos con actividad, si el sistema informa de ellos. Se aplica en el próximo inicio.</translation>
    </message>
    <message>
        <source>With “Only those listed” everything else is covered, also the desktop and a listed window that moves at that moment. The client sees that only chosen applications are shown, not which. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>Con «Solo las de la lista» se cubre todo lo demás, también el escritorio y una ventana de la lista que se mueva en ese momento. El cliente ve que solo se muestran aplicaciones elegidas, no cuáles. Si el escritorio no informa de dónde están las ventanas, como en Wayland, no se toman capturas.</translation>
    </message>
    <message>
        <source>Works in every program. Press the keys here; Delete removes the shortcut.</source>
        <translation>Funciona en cualquier programa. Pulse aquí las teclas; Supr quita el atajo.</translation>
    </message>
    <message>
        <source>Works only on desktops with X11 or Wayland.</source>
        <translation>Solo funciona en escritorios con X11 o Wayland.</translation>
    </message>
    <message>
        <source>e.g. 09:00</source>
        <translation>p.&#xa0;ej. 09:00</translation>
    </message>
    <message>
        <source>e.g. 1920,0 640x480</source>
        <translation>p.&#xa0;ej. 1920,0 640x480</translation>
    </message>
</context>
<context>
    <name>SignOut</name>
    <message numerus="yes">
        <source>%n waiting: work that cannot be uploaded now stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>
            <numerusform>%n en espera: lo que ahora no se pueda enviar queda a salvo en este equipo y se envía tras su próximo inicio de sesión.</numerusform>
            <numerusform>%n en espera: lo que ahora no se pueda enviar queda a salvo en este equipo y se envía tras su próximo inicio de sesión.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Sign out</source>
        <translation>&amp;Cerrar sesión</translation>
    </message>
    <message>
        <source>Current work is saved, pending work is uploaded, and this computer&apos;s keys are destroyed. To record here again, sign in with a new code.</source>
        <translation>El trabajo actual se guarda, el trabajo pendiente se envía y las claves de este equipo se destruyen. Para volver a grabar aquí, inicie sesión con un código nuevo.</translation>
    </message>
    <message>
        <source>Sign out of {marketplace} on this computer?</source>
        <translation>¿Cerrar la sesión de {marketplace} en este equipo?</translation>
    </message>
    <message>
        <source>Stay signed &amp;in</source>
        <translation>&amp;Mantener la sesión</translation>
    </message>
</context>
<context>
    <name>Span</name>
    <message numerus="yes">
        <source>%n&#xa0;days</source>
        <comment>days</comment>
        <translation>
            <numerusform>%n&#xa0;día</numerusform>
            <numerusform>%n&#xa0;días</numerusform>
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
            <numerusform>%n archivo, {size}</numerusform>
            <numerusform>%n archivos, {size}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Save …</source>
        <translation>&amp;Guardar …</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>C&amp;errar</translation>
    </message>
    <message>
        <source>Content of the file</source>
        <translation>Contenido del archivo</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Archivos</translation>
    </message>
    <message>
        <source>Not saved: {reason}. Choose another place.</source>
        <translation>No se guardó: {reason}. Elija otro lugar.</translation>
    </message>
    <message>
        <source>Report for support</source>
        <translation>Informe para el soporte</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Guardar el informe</translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation>Guardado: {file}</translation>
    </message>
    <message>
        <source>The report could not be collected.</source>
        <translation>No se pudo reunir el informe.</translation>
    </message>
    <message>
        <source>The report could not be saved.</source>
        <translation>No se pudo guardar el informe.</translation>
    </message>
    <message>
        <source>The report is being collected …</source>
        <translation>Se está reuniendo el informe …</translation>
    </message>
    <message>
        <source>This is all that the report contains. It is saved where you choose and sent to no one.</source>
        <translation>Esto es todo lo que contiene el informe. Se guarda donde usted elija y no se envía a nadie.</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Picture taken</source>
        <translation>Captura tomada</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Añadir …</translation>
    </message>
    <message>
        <source>&amp;Contract</source>
        <translation>&amp;Contrato</translation>
    </message>
    <message>
        <source>&amp;Diary, today {today}</source>
        <translation>Diari&amp;o, hoy {today}</translation>
    </message>
    <message>
        <source>&amp;Hide previews</source>
        <translation>&amp;Ocultar vistas previas</translation>
    </message>
    <message>
        <source>&amp;Keep picture</source>
        <translation>&amp;Conservar captura</translation>
    </message>
    <message>
        <source>&amp;Marketplace</source>
        <translation>Plata&amp;forma</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Salir</translation>
    </message>
    <message>
        <source>&amp;Show or cover …</source>
        <translation>&amp;Ver o cubrir …</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>&amp;Deshacer la eliminación</translation>
    </message>
    <message>
        <source>&amp;Web diary</source>
        <translation>Diario &amp;web</translation>
    </message>
    <message>
        <source>Dele&amp;te picture ({cost})</source>
        <translation>&amp;Eliminar captura ({cost})</translation>
    </message>
    <message>
        <source>Last picture {time} …</source>
        <translation>Última captura {time} …</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>Sin grabar</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>En pausa</translation>
    </message>
    <message>
        <source>Paused, no input</source>
        <translation>En pausa, sin actividad</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Capturas</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Grabando</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>&amp;Ajustes</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>Cerrar sesi&amp;ón …</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Iniciando</translation>
    </message>
    <message>
        <source>Week {week}</source>
        <translation>Semana {week}</translation>
    </message>
    <message>
        <source>Week {week} of {limit}</source>
        <translation>Semana {week} de {limit}</translation>
    </message>
    <message>
        <source>demo</source>
        <translation>demo</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>sin conexión</translation>
    </message>
    <message>
        <source>{time} today</source>
        <translation>{time} hoy</translation>
    </message>
</context>
<context>
    <name>Update</name>
    <message>
        <source>Workdiary {version} is ready for the next start.</source>
        <translation>Workdiary {version} está listo para el próximo inicio.</translation>
    </message>
</context>
<context>
    <name>Week</name>
    <message numerus="yes">
        <source>%n checked: no errors</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n segmento comprobado: sin errores</numerusform>
            <numerusform>%n segmentos comprobados: sin errores</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not in the log yet: left out.</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n segmento aún no está en la bitácora y no se incluye.</numerusform>
            <numerusform>%n segmentos aún no están en la bitácora y no se incluyen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n parts are missing on this computer.</source>
        <translation>
            <numerusform>Falta %n parte en este equipo.</numerusform>
            <numerusform>Faltan %n partes en este equipo.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of this week is in the log yet</source>
        <translation>Aún no hay nada de esta semana en la bitácora</translation>
    </message>
    <message>
        <source>Save the week&apos;s record</source>
        <translation>Guardar el registro de la semana</translation>
    </message>
    <message>
        <source>Saved as {file}. Anyone can check it with workdiary-verify.</source>
        <translation>Guardado como {file}. Cualquiera puede comprobarlo con workdiary-verify.</translation>
    </message>
    <message>
        <source>The check found errors</source>
        <translation>La comprobación encontró errores</translation>
    </message>
    <message>
        <source>The week&apos;s record</source>
        <translation>El registro de la semana</translation>
    </message>
    <message>
        <source>The week&apos;s record could not be written</source>
        <translation>No se pudo escribir el registro de la semana</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source> memo, activity</source>
        <translation> descripción, actividad</translation>
    </message>
    <message>
        <source> memo, activity, picture</source>
        <translation> descripción, actividad, captura</translation>
    </message>
    <message>
        <source> slot not protected</source>
        <translation> tramo sin proteger</translation>
    </message>
    <message numerus="yes">
        <source>%n active</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n activo</numerusform>
            <numerusform>%n activos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>notices</comment>
        <translation>
            <numerusform>%n más</numerusform>
            <numerusform>%n más</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need attention</source>
        <comment>notices</comment>
        <translation>
            <numerusform>%n requiere atención</numerusform>
            <numerusform>%n requieren atención</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not measured</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n sin medir</numerusform>
            <numerusform>%n sin medir</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not recorded</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n sin registrar</numerusform>
            <numerusform>%n sin registrar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n set aside</source>
        <comment>pieces of work</comment>
        <translation>
            <numerusform>%n apartado</numerusform>
            <numerusform>%n apartados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, safe on this computer</source>
        <translation>
            <numerusform>%n en espera, a salvo en este equipo</numerusform>
            <numerusform>%n en espera, a salvo en este equipo</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, some not on disk yet</source>
        <translation>
            <numerusform>%n en espera, parte aún no en disco</numerusform>
            <numerusform>%n en espera, parte aún no en disco</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without input</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n sin actividad</numerusform>
            <numerusform>%n sin actividad</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>Seguir &amp;igual</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Eliminar</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Conservar</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pausar</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Reanudar</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Iniciar</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Detener</translation>
    </message>
    <message>
        <source>&amp;Switch contract</source>
        <translation>Cambiar de c&amp;ontrato</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ver</translation>
    </message>
    <message>
        <source>&amp;View and cover</source>
        <translation>&amp;Ver y cubrir</translation>
    </message>
    <message>
        <source>Accept a contract at the marketplace first</source>
        <translation>Acepte antes un contrato en la plataforma</translation>
    </message>
    <message>
        <source>All sent</source>
        <translation>Todo enviado</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>Contrato</translation>
    </message>
    <message>
        <source>Contracts appear here</source>
        <translation>Aquí aparecen los contratos</translation>
    </message>
    <message>
        <source>Current ten minutes</source>
        <translation>Diez minutos actuales</translation>
    </message>
    <message numerus="yes">
        <source>Demo at %nx speed. Nothing is billed.</source>
        <translation>
            <numerusform>Demo a velocidad %nx. No se factura nada.</numerusform>
            <numerusform>Demo a velocidad %nx. No se factura nada.</numerusform>
        </translation>
    </message>
    <message>
        <source>Demo. Nothing is billed.</source>
        <translation>Demo. No se factura nada.</translation>
    </message>
    <message>
        <source>Diar&amp;y</source>
        <translation>Diari&amp;o</translation>
    </message>
    <message>
        <source>From now on, time counts for {client}. The time up to now stays on {current}.</source>
        <translation>Desde ahora, el tiempo cuenta para {client}. El tiempo hasta ahora se queda en {current}.</translation>
    </message>
    <message>
        <source>Input not measured:</source>
        <translation>Actividad no medida:</translation>
    </message>
    <message>
        <source>Joining the marketplace</source>
        <translation>Vinculando con la plataforma</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>Descripción</translation>
    </message>
    <message>
        <source>Memos that you have used appear here</source>
        <translation>Aquí aparecen sus descripciones anteriores</translation>
    </message>
    <message>
        <source>Minutes: {list}</source>
        <translation>Minutos: {list}</translation>
    </message>
    <message>
        <source>No contract yet</source>
        <translation>Aún no hay contrato</translation>
    </message>
    <message>
        <source>No input,
time does not count</source>
        <translation>Sin actividad,
el tiempo no cuenta</translation>
    </message>
    <message>
        <source>No memo yet:</source>
        <translation>Falta la descripción:</translation>
    </message>
    <message>
        <source>No picture:</source>
        <translation>Sin captura:</translation>
    </message>
    <message>
        <source>Not ready to record</source>
        <translation>No listo para grabar</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>Sin grabar</translation>
    </message>
    <message>
        <source>Nothing is recorded until you resume</source>
        <translation>No se registra nada hasta que reanude</translation>
    </message>
    <message>
        <source>Nothing is recorded until you start again</source>
        <translation>No se registra nada hasta iniciar otra vez</translation>
    </message>
    <message>
        <source>Nothing to send yet</source>
        <translation>Aún no hay nada que enviar</translation>
    </message>
    <message numerus="yes">
        <source>Offline, %n safe here</source>
        <translation>
            <numerusform>Sin red, %n a salvo</numerusform>
            <numerusform>Sin red, %n a salvo</numerusform>
        </translation>
    </message>
    <message>
        <source>Offline, all sent</source>
        <translation>Sin red, todo enviado</translation>
    </message>
    <message>
        <source>Opening the diary</source>
        <translation>Abriendo el diario</translation>
    </message>
    <message>
        <source>Over the limit:</source>
        <translation>Sobre el límite:</translation>
    </message>
    <message>
        <source>Paused at {time},
time does not count</source>
        <translation>En pausa desde {time},
el tiempo no cuenta</translation>
    </message>
    <message>
        <source>Protected time has a memo, measured activity and its pictures, and is within the weekly limit.</source>
        <translation>El tiempo protegido tiene descripción, actividad medida y sus capturas, y está dentro del límite semanal.</translation>
    </message>
    <message>
        <source>Protected:</source>
        <translation>Protegido:</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <translation>Listo para iniciar</translation>
    </message>
    <message>
        <source>Recent memos</source>
        <translation>Descripciones recientes</translation>
    </message>
    <message>
        <source>Recent memos (Down)</source>
        <translation>Descripciones recientes (flecha abajo)</translation>
    </message>
    <message>
        <source>Record on {contract} from now on?</source>
        <translation>¿Grabar en {contract} desde ahora?</translation>
    </message>
    <message>
        <source>Recording
since {time}</source>
        <translation>Grabando
desde {time}</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;Mostrar</translation>
    </message>
    <message>
        <source>Sent, not yet confirmed</source>
        <translation>Enviado, aún sin confirmar</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Shows what was recorded today, to change or delete it</source>
        <translation>Muestra lo registrado hoy, para cambiarlo o eliminarlo</translation>
    </message>
    <message>
        <source>Signing out, uploading pending work</source>
        <translation>Cerrando sesión, enviando trabajo pendiente</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Iniciando</translation>
    </message>
    <message>
        <source>This takes a few seconds at most</source>
        <translation>Tarda unos segundos como mucho</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>Esta semana</translation>
    </message>
    <message>
        <source>Today {time}</source>
        <translation>Hoy {time}</translation>
    </message>
    <message>
        <source>Try &amp;now</source>
        <translation>Rein&amp;tentar</translation>
    </message>
    <message>
        <source>Waiting for the keyring. Is its dialog open?</source>
        <translation>Esperando al llavero. ¿Está abierto su diálogo?</translation>
    </message>
    <message>
        <source>Week {time}</source>
        <translation>Semana {time}</translation>
    </message>
    <message>
        <source>Week {time} of {limit}</source>
        <translation>Semana {time} de {limit}</translation>
    </message>
    <message>
        <source>Week {time} of {limit}, {left} left</source>
        <translation>Semana {time} de {limit}, quedan {left}</translation>
    </message>
    <message>
        <source>What are you working on?</source>
        <translation>¿En qué trabaja?</translation>
    </message>
    <message>
        <source>Write a memo, then press Start</source>
        <translation>Escriba una descripción y pulse Iniciar</translation>
    </message>
    <message>
        <source>{marketplace}: a demo, nothing is billed</source>
        <translation>{marketplace}: demo, no se factura nada</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
</context>
</TS>
