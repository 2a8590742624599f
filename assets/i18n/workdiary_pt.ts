<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pt" sourcelanguage="en">
<context>
    <name>Closing</name>
    <message>
        <source>Recording continues. Workdiary is in the system tray: its icon opens the window and its menu stops recording.</source>
        <translation>A gravação continua. O Workdiary está na bandeja do sistema: o ícone abre a janela e o menu para a gravação.</translation>
    </message>
    <message>
        <source>Workdiary stays in the system tray. Its icon opens the window, its menu has Quit.</source>
        <translation>O Workdiary continua na bandeja do sistema. O ícone abre a janela; o menu tem Sair.</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message numerus="yes">
        <source>%n days</source>
        <comment>a span</comment>
        <translation>
            <numerusform>%n dia</numerusform>
            <numerusform>%n dias</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Agree and start</source>
        <translation>&amp;Concordar e iniciar</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Fechar</translation>
    </message>
    <message>
        <source>&amp;Not now</source>
        <translation>&amp;Agora não</translation>
    </message>
    <message>
        <source>Anything before Start, after Stop or while paused.</source>
        <translation>Nada antes de Iniciar, depois de Parar ou durante uma pausa.</translation>
    </message>
    <message>
        <source>Before you start</source>
        <translation>Antes de começar</translation>
    </message>
    <message>
        <source>For each minute, the number of key presses, mouse clicks, scrolls and mouse movements. Never what you type.</source>
        <translation>A cada minuto, o número de teclas pressionadas, cliques, rolagens e movimentos do mouse. Nunca o que você digita.</translation>
    </message>
    <message>
        <source>I &amp;agree</source>
        <translation>&amp;Concordo</translation>
    </message>
    <message>
        <source>No pictures: this contract asks for none.</source>
        <translation>Sem capturas: este contrato não as pede.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: nothing, because input cannot be measured. Your time still counts.</source>
        <translation>Neste computador, na configuração atual: nada, porque a atividade não pode ser medida. Seu tempo conta mesmo assim.</translation>
    </message>
    <message>
        <source>On this computer, as it is set up now: only the number of seconds with input in each minute. Key presses and clicks are not counted.</source>
        <translation>Neste computador, na configuração atual: só o número de segundos com atividade em cada minuto. Teclas e cliques não são contados.</translation>
    </message>
    <message>
        <source>Only between Start and Stop. The icon, its tooltip and the window always show that recording is on. There is no hidden mode.</source>
        <translation>Só entre Iniciar e Parar. O ícone, sua dica e a janela sempre mostram que a gravação está ligada. Não há modo oculto.</translation>
    </message>
    <message>
        <source>Pictures are kept for {days} after their upload. Deleting one removes its time from your bill.</source>
        <translation>As capturas são guardadas por {days} depois do envio. Excluir uma remove o tempo dela da sua fatura.</translation>
    </message>
    <message numerus="yes">
        <source>Pictures of the whole screen, %n every ten minutes, at a random moment.</source>
        <comment>number of pictures</comment>
        <translation>
            <numerusform>Capturas da tela inteira, %n a cada dez minutos, em um momento aleatório.</numerusform>
            <numerusform>Capturas da tela inteira, %n a cada dez minutos, em momentos aleatórios.</numerusform>
        </translation>
    </message>
    <message>
        <source>Recording stops by itself after {idle} without input, when you lock the screen, and when the computer sleeps.</source>
        <translation>A gravação para sozinha após {idle} sem atividade, quando você bloqueia a tela e quando o computador é suspenso.</translation>
    </message>
    <message>
        <source>Recording stops by itself when you lock the screen and when the computer sleeps. It cannot notice that you are away: press Stop when you leave.</source>
        <translation>A gravação para sozinha quando você bloqueia a tela e quando o computador é suspenso. Ela não percebe que você saiu: pressione Parar ao sair.</translation>
    </message>
    <message>
        <source>Start and end times and the number of active minutes are part of the signed record. They remain even if you delete everything else.</source>
        <translation>Os horários de início e fim e o número de minutos ativos fazem parte do registro assinado. Eles ficam mesmo que você exclua todo o resto.</translation>
    </message>
    <message>
        <source>What is never recorded</source>
        <translation>O que nunca é registrado</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>O que é registrado</translation>
    </message>
    <message>
        <source>What you type, window titles, addresses, files, sound, camera, location.</source>
        <translation>O que você digita, títulos de janelas, endereços, arquivos, som, câmera, localização.</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quando</translation>
    </message>
    <message>
        <source>When you start and stop, and the memo you write.</source>
        <translation>Quando você começa e para, e a descrição que escreve.</translation>
    </message>
    <message>
        <source>While you record, {client} and {marketplace} see that you are recording, and since when. Not while you are paused or stopped.</source>
        <translation>Enquanto você grava, {client} e {marketplace} veem que você está gravando e desde quando. Não durante uma pausa nem depois de parar.</translation>
    </message>
    <message>
        <source>Who sees it, and for how long</source>
        <translation>Quem vê, e por quanto tempo</translation>
    </message>
    <message>
        <source>Workdiary records your paid work for {client}. Please read what it records. Nothing is recorded before you agree.</source>
        <translation>O Workdiary registra seu trabalho pago para {client}. Leia o que ele registra. Nada é registrado antes de você concordar.</translation>
    </message>
    <message>
        <source>You see each picture first. It is uploaded after {review}, unless you delete it.</source>
        <translation>Você vê cada captura primeiro. Ela é enviada após {review}, a menos que você a exclua.</translation>
    </message>
    <message>
        <source>{client}, the people who review for them, and {marketplace}. You see all that they see, and who viewed which picture.</source>
        <translation>{client}, as pessoas que revisam em seu nome e {marketplace}. Você vê tudo o que eles veem, e quem viu cada captura.</translation>
    </message>
</context>
<context>
    <name>Data</name>
    <message numerus="yes">
        <source>%n changes of memos and deletions have not reached the marketplace either.</source>
        <translation>
            <numerusform>%n alteração de descrição ou exclusão também não chegou à plataforma.</numerusform>
            <numerusform>%n alterações de descrições e exclusões também não chegaram à plataforma.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting, {size}. Safe on this computer.</source>
        <translation>
            <numerusform>%n entrada espera, {size}. Segura neste computador.</numerusform>
            <numerusform>%n entradas esperam, {size}. Seguras neste computador.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recordings ended unexpectedly and are not saved yet. Their time is lost too.</source>
        <translation>
            <numerusform>%n gravação terminou de forma inesperada e ainda não foi salva. O tempo dela também se perde.</numerusform>
            <numerusform>%n gravações terminaram de forma inesperada e ainda não foram salvas. O tempo delas também se perde.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Delete it</source>
        <translation>&amp;Excluir</translation>
    </message>
    <message>
        <source>&amp;Delete the diary</source>
        <translation>&amp;Excluir o diário</translation>
    </message>
    <message>
        <source>&amp;Delete …</source>
        <translation>&amp;Excluir …</translation>
    </message>
    <message>
        <source>&amp;Delete, lose {length}</source>
        <translation>&amp;Excluir, perder {length}</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Pasta</translation>
    </message>
    <message>
        <source>&amp;Keep it</source>
        <translation>&amp;Manter</translation>
    </message>
    <message>
        <source>&amp;Limit for pending pictures</source>
        <translation>&amp;Limite de capturas pendentes</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;Abrir pasta</translation>
    </message>
    <message>
        <source>&amp;Sign out and delete</source>
        <translation>&amp;Sair da conta e excluir</translation>
    </message>
    <message>
        <source>Asks first. What was uploaded remains at the marketplace.</source>
        <translation>Pergunta antes. O que foi enviado permanece na plataforma.</translation>
    </message>
    <message>
        <source>At the marketplace, everything that was uploaded remains as it is, with its hours and pictures. Your settings and the program&apos;s log remain on this computer.</source>
        <translation>Na plataforma, tudo o que foi enviado fica como está, com suas horas e capturas. As configurações e o log do programa permanecem neste computador.</translation>
    </message>
    <message>
        <source>At this limit recording stops. Nothing is lost; start again after the upload.</source>
        <translation>Neste limite a gravação para. Nada se perde; inicie de novo depois do envio.</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Dados</translation>
    </message>
    <message>
        <source>Delete the diary on this computer</source>
        <translation>Excluir o diário deste computador</translation>
    </message>
    <message>
        <source>Delete the diary on this computer?</source>
        <translation>Excluir o diário deste computador?</translation>
    </message>
    <message>
        <source>Deleted on this computer ({size}): the recorded time, memos and pictures of {marketplace}, and the receipts that prove your hours. To keep a proof, first save the record of each week in your diary.</source>
        <translation>Neste computador é excluído ({size}): o tempo registrado, as descrições e as capturas de {marketplace}, e os recibos que provam suas horas. Para manter uma prova, salve antes no diário o registro de cada semana.</translation>
    </message>
    <message>
        <source>It covers {marketplace} only.</source>
        <translation>Afeta somente {marketplace}.</translation>
    </message>
    <message>
        <source>Nothing was deleted. Your work is kept.</source>
        <translation>Nada foi excluído. Seu trabalho é mantido.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>Pare primeiro a gravação.</translation>
    </message>
    <message numerus="yes">
        <source>The marketplace refused %n entries.</source>
        <translation>
            <numerusform>A plataforma recusou %n entrada.</numerusform>
            <numerusform>A plataforma recusou %n entradas.</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted work cannot be recovered. If you keep it, it stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>O trabalho excluído não pode ser recuperado. Se você o mantiver, ele fica seguro neste computador e é enviado após sua próxima entrada.</translation>
    </message>
    <message>
        <source>Deleted. What was uploaded remains at the marketplace.</source>
        <translation>Excluído. O que foi enviado permanece na plataforma.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Pasta</translation>
    </message>
    <message>
        <source>It takes {size}.</source>
        <translation>Ocupa {size}.</translation>
    </message>
    <message>
        <source>Its size is being computed …</source>
        <translation>O tamanho está sendo calculado …</translation>
    </message>
    <message>
        <source>Not possible now: the diary is not open.</source>
        <translation>Não é possível agora: o diário não está aberto.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>Nada em espera.</translation>
    </message>
    <message>
        <source>Nothing was deleted. {reason}</source>
        <translation>Nada foi excluído. {reason}</translation>
    </message>
    <message>
        <source>Pending uploads</source>
        <translation>Envios pendentes</translation>
    </message>
    <message>
        <source>Signing out and uploading pending work …</source>
        <translation>Saindo da conta e enviando o trabalho pendente …</translation>
    </message>
    <message>
        <source>Some of your work is not uploaded. Delete it?</source>
        <translation>Parte do seu trabalho não foi enviada. Excluir?</translation>
    </message>
    <message>
        <source>The folder cannot be read.</source>
        <translation>Não é possível ler a pasta.</translation>
    </message>
    <message>
        <source>There is no diary here to delete.</source>
        <translation>Não há diário para excluir aqui.</translation>
    </message>
    <message>
        <source>They are being counted …</source>
        <translation>Estão sendo contados …</translation>
    </message>
    <message>
        <source>This computer is signed out first, and pending work is uploaded. Work that cannot be uploaded is only deleted after you confirm that too.</source>
        <translation>Primeiro este computador sai da conta e o trabalho pendente é enviado. O trabalho que não puder ser enviado só é excluído se você confirmar isso também.</translation>
    </message>
    <message>
        <source>{length} of work is neither uploaded nor paid. Delete it?</source>
        <translation>{length} de trabalho não foram enviados nem pagos. Excluir?</translation>
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
        <translation>&amp;Alterar a descrição …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Excluir</translation>
    </message>
    <message>
        <source>&amp;Open web diary</source>
        <translation>Abrir o diário na &amp;web</translation>
    </message>
    <message>
        <source>&amp;Remove {length}</source>
        <translation>&amp;Remover {length}</translation>
    </message>
    <message>
        <source>&amp;Send again</source>
        <translation>&amp;Enviar de novo</translation>
    </message>
    <message>
        <source>&amp;Who viewed my pictures</source>
        <translation>&amp;Quem viu minhas capturas</translation>
    </message>
    <message>
        <source>Activity counts deleted</source>
        <translation>Contagens de atividade excluídas</translation>
    </message>
    <message numerus="yes">
        <source>%n clicks</source>
        <translation>
            <numerusform>%n clique</numerusform>
            <numerusform>%n cliques</numerusform>
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
        <translation>&amp;Voltar ao dia</translation>
    </message>
    <message>
        <source>&amp;Check the week&apos;s record now</source>
        <translation>&amp;Verificar o registro da semana agora</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Fechar</translation>
    </message>
    <message>
        <source>&amp;Delete (removes {length})</source>
        <translation>&amp;Excluir (remove {length})</translation>
    </message>
    <message>
        <source>&amp;Delete the picture (its time stays as it is)</source>
        <translation>&amp;Excluir a captura (o tempo dela fica como está)</translation>
    </message>
    <message>
        <source>&amp;Save memo</source>
        <translation>&amp;Salvar descrição</translation>
    </message>
    <message>
        <source>&amp;Save the week&apos;s record …</source>
        <translation>&amp;Salvar o registro da semana …</translation>
    </message>
    <message>
        <source>&amp;Today</source>
        <translation>&amp;Hoje</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Undo (%n&#xa0;s)</source>
        <translation>
            <numerusform>&amp;Desfazer (%n&#xa0;s)</numerusform>
            <numerusform>&amp;Desfazer (%n&#xa0;s)</numerusform>
        </translation>
    </message>
    <message>
        <source>A picture was due and could not be taken</source>
        <translation>Uma captura estava prevista e não pôde ser feita</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Atividade</translation>
    </message>
    <message>
        <source>Activity of each minute</source>
        <translation>Atividade de cada minuto</translation>
    </message>
    <message>
        <source>Add m&amp;anual time</source>
        <translation>Adicionar tempo &amp;manual</translation>
    </message>
    <message>
        <source>Add time that was not recorded</source>
        <translation>Adicionar tempo que não foi gravado</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>Todos os contratos</translation>
    </message>
    <message>
        <source>All covered</source>
        <translation>Tudo coberto</translation>
    </message>
    <message>
        <source>Automatic, memo, activity, within the limit</source>
        <translation>Automático, descrição, atividade, dentro do limite</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>Contrato</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>Coberta</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Dia</translation>
    </message>
    <message>
        <source>Delete &amp;memo …</source>
        <translation>Excluir a &amp;descrição …</translation>
    </message>
    <message>
        <source>Delete &amp;picture and its time …</source>
        <translation>Excluir a ca&amp;ptura e seu tempo …</translation>
    </message>
    <message>
        <source>Delete &amp;picture …</source>
        <translation>Excluir a ca&amp;ptura …</translation>
    </message>
    <message>
        <source>Delete activity cou&amp;nts …</source>
        <translation>Excluir as co&amp;ntagens de atividade …</translation>
    </message>
    <message>
        <source>Delete the activity counts of this time?</source>
        <translation>Excluir as contagens de atividade deste tempo?</translation>
    </message>
    <message>
        <source>Delete this memo?</source>
        <translation>Excluir esta descrição?</translation>
    </message>
    <message>
        <source>Delete this picture and its time?</source>
        <translation>Excluir esta captura e seu tempo?</translation>
    </message>
    <message>
        <source>Delete this picture?</source>
        <translation>Excluir esta captura?</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Excluído</translation>
    </message>
    <message>
        <source>Diary</source>
        <translation>Diário</translation>
    </message>
    <message>
        <source>Edit &amp;memo</source>
        <translation>Editar &amp;descrição</translation>
    </message>
    <message>
        <source>Entered manually</source>
        <translation>Inserido à mão</translation>
    </message>
    <message>
        <source>Entered manually, not recorded</source>
        <translation>Inserido à mão, não gravado</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>Inatividade</translation>
    </message>
    <message>
        <source>Idle time has no picture</source>
        <translation>Inatividade não tem captura</translation>
    </message>
    <message>
        <source>Idle time that you kept</source>
        <translation>Inatividade que você manteve</translation>
    </message>
    <message>
        <source>Idle, kept</source>
        <translation>Inativo</translation>
    </message>
    <message>
        <source>Input is not measured</source>
        <translation>A atividade não é medida</translation>
    </message>
    <message>
        <source>Input was not measured</source>
        <translation>A atividade não foi medida</translation>
    </message>
    <message>
        <source>It counts once it is in the log</source>
        <translation>Conta quando estiver no log</translation>
    </message>
    <message>
        <source>It has no memo</source>
        <translation>Não tem descrição</translation>
    </message>
    <message>
        <source>It is over the weekly limit</source>
        <translation>Está acima do limite semanal</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>Carregando a captura …</translation>
    </message>
    <message>
        <source>Log entry {number}, received {when}</source>
        <translation>Entrada {number} do log, recebida {when}</translation>
    </message>
    <message>
        <source>Manual</source>
        <translation>Manual</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>Descrição</translation>
    </message>
    <message>
        <source>Memo changed. The earlier memo stays visible.</source>
        <translation>Descrição alterada. A anterior continua visível.</translation>
    </message>
    <message>
        <source>Memo, activity, within the limit so far</source>
        <translation>Descrição, atividade, dentro do limite até agora</translation>
    </message>
    <message>
        <source>More actions on this time</source>
        <translation>Mais ações para este tempo</translation>
    </message>
    <message>
        <source>New memo</source>
        <translation>Nova descrição</translation>
    </message>
    <message>
        <source>No memo</source>
        <comment>in a small slot</comment>
        <translation>Sem descr.</translation>
    </message>
    <message>
        <source>Nobody has viewed this picture yet.</source>
        <translation>Ninguém viu esta captura ainda.</translation>
    </message>
    <message>
        <source>Not known on this computer</source>
        <translation>Não conhecido neste computador</translation>
    </message>
    <message>
        <source>Other computer</source>
        <comment>in a small slot</comment>
        <translation>Outro computador</translation>
    </message>
    <message>
        <source>Question</source>
        <comment>in a small slot</comment>
        <translation>Pergunta</translation>
    </message>
    <message>
        <source>Recorded on another computer</source>
        <translation>Gravado em outro computador</translation>
    </message>
    <message>
        <source>Save or check the week&apos;s record</source>
        <translation>Salvar ou verificar o registro da semana</translation>
    </message>
    <message>
        <source>Screen locked</source>
        <translation>Tela bloqueada</translation>
    </message>
    <message>
        <source>Screenshots blocked</source>
        <translation>Sem permissão</translation>
    </message>
    <message>
        <source>Set aside</source>
        <comment>in a small slot</comment>
        <translation>Separado</translation>
    </message>
    <message>
        <source>Such questions change no payment. The client sees them once the week is locked; a memo can answer them in advance.</source>
        <translation>Essas perguntas não mudam nenhum pagamento. O cliente as vê quando a semana é bloqueada; uma descrição pode respondê-las antes.</translation>
    </message>
    <message>
        <source>The client may ask: did a program make most of this input? Remote control, accessibility tools and macros do that.</source>
        <translation>O cliente pode perguntar: um programa gerou a maior parte desta entrada? Controle remoto, recursos de acessibilidade e macros fazem isso.</translation>
    </message>
    <message>
        <source>The client may ask: was this work on another screen? The pictures are identical while there was much input.</source>
        <translation>O cliente pode perguntar: este trabalho foi feito em outra tela? As imagens são idênticas enquanto houve muita entrada.</translation>
    </message>
    <message>
        <source>The client may ask: why is this input so regular? A game pad, a drawing tablet or a held key can do that.</source>
        <translation>O cliente pode perguntar: por que esta entrada é tão regular? Um controle de jogo, uma mesa digitalizadora ou uma tecla mantida podem causar isso.</translation>
    </message>
    <message>
        <source>The list of views cannot be read now.</source>
        <translation>A lista de visualizações não pode ser lida agora.</translation>
    </message>
    <message>
        <source>The page in the browser shows all views.</source>
        <translation>A página no navegador mostra todas as visualizações.</translation>
    </message>
    <message>
        <source>The page in the browser shows it.</source>
        <translation>A página no navegador mostra isso.</translation>
    </message>
    <message>
        <source>The week can be changed until {when}</source>
        <translation>A semana pode ser alterada até {when}</translation>
    </message>
    <message>
        <source>This computer has no picture of this time.</source>
        <translation>Este computador não tem nenhuma captura deste tempo.</translation>
    </message>
    <message>
        <source>Unmeasured</source>
        <translation>Não medido</translation>
    </message>
    <message>
        <source>Unpaid</source>
        <translation>Não pago</translation>
    </message>
    <message>
        <source>Unprotected</source>
        <translation>Sem proteç.</translation>
    </message>
    <message>
        <source>Uploaded</source>
        <translation>Enviado</translation>
    </message>
    <message>
        <source>Uploaded, picture waiting</source>
        <translation>Enviado, a captura aguarda</translation>
    </message>
    <message>
        <source>View &amp;full size</source>
        <translation>Ver em tamanho &amp;real</translation>
    </message>
    <message>
        <source>Viewed by you, last {when}</source>
        <translation>Vista por você, por último em {when}</translation>
    </message>
    <message>
        <source>Viewed by {name}, last {when}</source>
        <translation>Vista por {name}, por último em {when}</translation>
    </message>
    <message>
        <source>W&amp;eek</source>
        <translation>Sema&amp;na</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Aguardando</translation>
    </message>
    <message>
        <source>Waiting on this computer</source>
        <translation>Aguardando neste computador</translation>
    </message>
    <message>
        <source>Weeks begin on Monday at midnight UTC</source>
        <translation>A semana começa segunda à meia-noite UTC</translation>
    </message>
    <message>
        <source>Will be protected</source>
        <translation>Será protegido</translation>
    </message>
    <message>
        <source>You removed this time from your bill</source>
        <translation>Você removeu este tempo da sua fatura</translation>
    </message>
    <message>
        <source>activity {level} of 10</source>
        <translation>atividade {level} de 10</translation>
    </message>
    <message>
        <source>its week</source>
        <translation>a semana dele</translation>
    </message>
    <message>
        <source>minute {number}: no input</source>
        <translation>minuto {number}: sem atividade</translation>
    </message>
    <message>
        <source>minute {number}: not measured</source>
        <translation>minuto {number}: não medido</translation>
    </message>
    <message>
        <source>minute {number}: not recorded</source>
        <translation>minuto {number}: não registrado</translation>
    </message>
    <message>
        <source>minute {number}: {total} actions</source>
        <translation>minuto {number}: {total} ações</translation>
    </message>
    <message>
        <source>not protected</source>
        <translation>sem proteção</translation>
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
        <translation>gravando agora</translation>
    </message>
    <message>
        <source>this day</source>
        <translation>este dia</translation>
    </message>
    <message>
        <source>this week</source>
        <translation>esta semana</translation>
    </message>
    <message>
        <source>today</source>
        <translation>hoje</translation>
    </message>
    <message>
        <source>{length} are unpaid.</source>
        <translation>{length} não são pagos.</translation>
    </message>
    <message>
        <source>{length} unpaid</source>
        <translation>{length} não pagos</translation>
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
        <translation>{start}–{end}: nenhum tempo registrado</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace, with its earlier versions. The time remains paid, but without a memo it is not protected.</source>
        <translation>É apagada aqui e na plataforma, com as versões anteriores. O tempo continua pago, mas sem descrição não está protegido.</translation>
    </message>
    <message>
        <source>Deleting</source>
        <comment>in a small slot</comment>
        <translation>Excluindo</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. The week is locked, so its time remains paid.</source>
        <translation>É apagada aqui e na plataforma. A semana está fechada, então o tempo dela continua pago.</translation>
    </message>
    <message>
        <source>It is erased here and at the marketplace. {length} of paid time are removed.</source>
        <translation>É apagada aqui e na plataforma. São removidos {length} de tempo pago.</translation>
    </message>
    <message>
        <source>Memo deleted</source>
        <translation>Descrição excluída</translation>
    </message>
    <message>
        <source>Next day</source>
        <translation>Próximo dia</translation>
    </message>
    <message>
        <source>Next part of this slot</source>
        <translation>Próxima parte deste intervalo</translation>
    </message>
    <message>
        <source>No entries yet today. A new one appears every ten minutes of work.</source>
        <translation>Ainda não há entradas hoje. Aparece uma a cada dez minutos de trabalho.</translation>
    </message>
    <message>
        <source>No memo</source>
        <translation>Sem descrição</translation>
    </message>
    <message>
        <source>No memo yet: this slot will not be protected</source>
        <translation>Falta a descrição: este intervalo não será protegido</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Sem captura</translation>
    </message>
    <message>
        <source>No picture due</source>
        <translation>Não prevista</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Ainda sem captura</translation>
    </message>
    <message>
        <source>No random picture time covers it</source>
        <translation>Nenhum momento aleatório de captura o cobre</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>Não medido</translation>
    </message>
    <message>
        <source>Not protected</source>
        <translation>Sem proteção</translation>
    </message>
    <message>
        <source>Not protected yet</source>
        <translation>Ainda sem proteção</translation>
    </message>
    <message>
        <source>Over limit</source>
        <translation>Excedido</translation>
    </message>
    <message>
        <source>Over the weekly limit</source>
        <translation>Acima do limite semanal</translation>
    </message>
    <message>
        <source>Picture deleted</source>
        <translation>Captura excluída</translation>
    </message>
    <message>
        <source>Picture failed</source>
        <translation>Captura falhou</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>Captura {time}</translation>
    </message>
    <message>
        <source>Picture taken {time}, partly covered</source>
        <translation>Captura feita {time}, coberta em parte</translation>
    </message>
    <message>
        <source>Previous day</source>
        <translation>Dia anterior</translation>
    </message>
    <message>
        <source>Previous part of this slot</source>
        <translation>Parte anterior deste intervalo</translation>
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
        <translation>Com recibo</translation>
    </message>
    <message>
        <source>Receipted and logged</source>
        <translation>Com recibo e no log</translation>
    </message>
    <message>
        <source>Receipted {time}, logged</source>
        <translation>Recibo {time}, no log</translation>
    </message>
    <message>
        <source>Recording now</source>
        <translation>Gravando agora</translation>
    </message>
    <message>
        <source>Recording now, part {number} of {count}</source>
        <translation>Gravando agora, parte {number} de {count}</translation>
    </message>
    <message>
        <source>Refused: {reason}</source>
        <translation>Recusado: {reason}</translation>
    </message>
    <message>
        <source>Remove this &amp;time from my bill …</source>
        <translation>Remover este &amp;tempo da minha fatura …</translation>
    </message>
    <message>
        <source>Remove this time from your bill?</source>
        <translation>Remover este tempo da sua fatura?</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Separado</translation>
    </message>
    <message>
        <source>Show the first such slot</source>
        <translation>Mostrar o primeiro intervalo assim</translation>
    </message>
    <message>
        <source>The earlier memo stays visible.</source>
        <translation>A descrição anterior continua visível.</translation>
    </message>
    <message>
        <source>The marketplace does not count it</source>
        <translation>A plataforma não o conta</translation>
    </message>
    <message>
        <source>The numbers of key presses and clicks are erased here and at the marketplace. The time remains paid.</source>
        <translation>As contagens de teclas e cliques são apagadas aqui e na plataforma. O tempo continua pago.</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>A captura não está mais neste computador.</translation>
    </message>
    <message>
        <source>The record keeps that you worked from {time}, the number of minutes with input, and that you deleted something.</source>
        <translation>O registro mantém que você trabalhou a partir das {time}, o número de minutos com atividade e que você excluiu algo.</translation>
    </message>
    <message>
        <source>The week is locked since {when}</source>
        <translation>A semana está fechada desde {when}</translation>
    </message>
    <message>
        <source>This computer recorded nothing on this day.</source>
        <translation>Este computador não registrou nada neste dia.</translation>
    </message>
    <message>
        <source>Unpaid: {reason}</source>
        <translation>Não pago: {reason}</translation>
    </message>
    <message>
        <source>{length} will no longer count. The picture and the memo stay.</source>
        <translation>{length} não contarão mais. A captura e a descrição ficam.</translation>
    </message>
    <message>
        <source>{level} of 10 min</source>
        <translation>{level} de 10 min</translation>
    </message>
    <message>
        <source>{level} of 10 min so far</source>
        <translation>{level} de 10 min até agora</translation>
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
        <translation>&amp;Não, mostrar meus dispositivos</translation>
    </message>
    <message>
        <source>&amp;Yes, it is mine</source>
        <translation>&amp;Sim, é meu</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>Um novo dispositivo entrou na sua conta. É seu?</translation>
    </message>
    <message>
        <source>{name}, since {when}. If it is yours, this computer confirms that. If not, open your devices page and stop it there.</source>
        <translation>{name}, desde {when}. Se for seu, este computador confirma. Se não, abra sua página de dispositivos e bloqueie-o lá.</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>&amp;Check again</source>
        <translation>&amp;Verificar de novo</translation>
    </message>
    <message>
        <source>A Wayland session.</source>
        <translation>Uma sessão Wayland.</translation>
    </message>
    <message>
        <source>A Windows session.</source>
        <translation>Uma sessão do Windows.</translation>
    </message>
    <message>
        <source>A better method failed: {detail}.</source>
        <translation>Um método melhor falhou: {detail}.</translation>
    </message>
    <message>
        <source>A clock cannot be read: {detail}. Time cannot be counted without it.</source>
        <translation>Um relógio não pode ser lido: {detail}. Sem ele o tempo não pode ser contado.</translation>
    </message>
    <message>
        <source>A keyring for this computer&apos;s keys was found.</source>
        <translation>Foi encontrado um chaveiro para as chaves deste computador.</translation>
    </message>
    <message>
        <source>A macOS session.</source>
        <translation>Uma sessão do macOS.</translation>
    </message>
    <message>
        <source>A test lock in {folder} failed. Check the drive.</source>
        <translation>Um bloqueio de teste em {folder} falhou. Verifique a unidade.</translation>
    </message>
    <message>
        <source>A test screenshot failed: {detail}. Work can be recorded; the record states why it has no picture.</source>
        <translation>Uma captura de teste falhou: {detail}. O trabalho pode ser registrado; o registro informa por que não tem captura.</translation>
    </message>
    <message>
        <source>An X11 session.</source>
        <translation>Uma sessão X11.</translation>
    </message>
    <message>
        <source>Cannot be detected while input is not measured. Press Stop when you leave.</source>
        <translation>Não pode ser detectada enquanto a atividade não é medida. Pressione Parar ao sair.</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Verificando …</translation>
    </message>
    <message>
        <source>Clocks</source>
        <translation>Relógios</translation>
    </message>
    <message>
        <source>Clocks are readable.</source>
        <translation>Os relógios podem ser lidos.</translation>
    </message>
    <message>
        <source>Counting is switched off in the settings. Only the seconds with input are recorded.</source>
        <translation>A contagem está desligada nas configurações. Só os segundos com atividade são registrados.</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Ambiente de trabalho</translation>
    </message>
    <message>
        <source>Detected from missing input.</source>
        <translation>Detectada pela falta de atividade.</translation>
    </message>
    <message>
        <source>GNOME on Wayland does not allow input counts; only seconds with activity are recorded.</source>
        <translation>O GNOME no Wayland não permite contar teclas e cliques; só segundos com atividade são registrados.</translation>
    </message>
    <message>
        <source>Idle time</source>
        <translation>Inatividade</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Teclado e mouse</translation>
    </message>
    <message>
        <source>Input cannot be measured: {detail}. Your time still counts; the record notes that activity was not measured.</source>
        <translation>A atividade não pode ser medida: {detail}. Seu tempo conta mesmo assim; o registro anota que a atividade não foi medida.</translation>
    </message>
    <message>
        <source>Input is counted at the X server (XInput2).</source>
        <translation>Teclas e cliques são contados no servidor X (XInput2).</translation>
    </message>
    <message>
        <source>Input is counted at the X server.</source>
        <translation>Teclas e cliques são contados no servidor X.</translation>
    </message>
    <message>
        <source>Input is counted through Windows.</source>
        <translation>Teclas e cliques são contados pelo Windows.</translation>
    </message>
    <message>
        <source>Input is counted through macOS.</source>
        <translation>Teclas e cliques são contados pelo macOS.</translation>
    </message>
    <message>
        <source>Keyring</source>
        <translation>Chaveiro</translation>
    </message>
    <message>
        <source>Lock and sleep</source>
        <translation>Bloqueio e suspensão</translation>
    </message>
    <message>
        <source>Marketplace</source>
        <translation>Plataforma</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Requer atenção</translation>
    </message>
    <message numerus="yes">
        <source>Needs attention: %n</source>
        <comment>a number of lines</comment>
        <translation>
            <numerusform>Requerem atenção: %n</numerusform>
            <numerusform>Requerem atenção: %n</numerusform>
        </translation>
    </message>
    <message>
        <source>No desktop session found. Start Workdiary in one, or set DISPLAY or WAYLAND_DISPLAY.</source>
        <translation>Nenhuma sessão gráfica encontrada. Inicie o Workdiary em uma, ou defina DISPLAY ou WAYLAND_DISPLAY.</translation>
    </message>
    <message>
        <source>No desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>Sem ambiente gráfico: nem DISPLAY nem WAYLAND_DISPLAY está definida.</translation>
    </message>
    <message>
        <source>No keyring found, and the keys are stored only in a keyring. Install GNOME Keyring or KWallet, then log in again.</source>
        <translation>Nenhum chaveiro encontrado, e as chaves só são guardadas em um chaveiro. Instale o GNOME Keyring ou o KWallet e inicie a sessão de novo.</translation>
    </message>
    <message>
        <source>No screen: neither DISPLAY nor WAYLAND_DISPLAY is set.</source>
        <translation>Sem tela: nem DISPLAY nem WAYLAND_DISPLAY está definida.</translation>
    </message>
    <message>
        <source>No session bus (D-Bus) found. Notifications and the keyring need it. Start Workdiary from the desktop.</source>
        <translation>Nenhum barramento de sessão (D-Bus) encontrado. Notificações e chaveiro precisam dele. Inicie o Workdiary pelo ambiente gráfico.</translation>
    </message>
    <message>
        <source>No system tray found; use the window instead of the icon. On GNOME, the AppIndicator extension adds a tray.</source>
        <translation>Nenhuma bandeja do sistema encontrada; use a janela em vez do ícone. No GNOME, a extensão AppIndicator adiciona uma bandeja.</translation>
    </message>
    <message>
        <source>Nothing needs attention.</source>
        <translation>Nada requer atenção.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Notificações</translation>
    </message>
    <message>
        <source>Only {free} GB are free on the disk of {folder}. Free some space before you record.</source>
        <translation>Só {free} GB estão livres no disco de {folder}. Libere espaço antes de gravar.</translation>
    </message>
    <message>
        <source>Open the system settings</source>
        <translation>Abrir as configurações do sistema</translation>
    </message>
    <message>
        <source>Provided by the system.</source>
        <translation>Parte do sistema.</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Capturas</translation>
    </message>
    <message>
        <source>Pictures are taken from the X server.</source>
        <translation>As capturas são feitas pelo servidor X.</translation>
    </message>
    <message>
        <source>Pictures are taken through Windows.</source>
        <translation>As capturas são feitas pelo Windows.</translation>
    </message>
    <message>
        <source>Pictures are taken through macOS.</source>
        <translation>As capturas são feitas pelo macOS.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s portal, which may ask you once.</source>
        <translation>As capturas são feitas pelo portal do ambiente gráfico, que pode perguntar uma vez.</translation>
    </message>
    <message>
        <source>Pictures are taken through the desktop&apos;s screen cast portal, one frame at a time; it asks you once, and may briefly show that the screen is being recorded.</source>
        <translation>As capturas são feitas pelo portal de transmissão de tela do ambiente gráfico, um quadro por vez; ele pergunta uma vez e pode mostrar brevemente que a tela está sendo gravada.</translation>
    </message>
    <message>
        <source>Sleep is detected by the clocks afterwards and is not counted. A locked screen is not detected: press Stop before you lock it.</source>
        <translation>A suspensão é detectada depois pelos relógios e não é contada. Uma tela bloqueada não é detectada: pressione Parar antes de bloqueá-la.</translation>
    </message>
    <message>
        <source>State folder</source>
        <translation>Pasta de dados</translation>
    </message>
    <message>
        <source>System tray found.</source>
        <translation>Bandeja do sistema encontrada.</translation>
    </message>
    <message>
        <source>The check itself failed. The reason is in the log.</source>
        <translation>A própria verificação falhou. O motivo está no arquivo de registro.</translation>
    </message>
    <message>
        <source>The compositor reports activity per second; keys and clicks are not counted.</source>
        <translation>O compositor informa a atividade por segundo; teclas e cliques não são contados.</translation>
    </message>
    <message>
        <source>The desktop reports when it is locked.</source>
        <translation>O ambiente gráfico informa quando é bloqueado.</translation>
    </message>
    <message>
        <source>The desktop shows no notifications. Workdiary shows messages in its own windows.</source>
        <translation>O ambiente gráfico não mostra notificações. O Workdiary mostra as mensagens nas próprias janelas.</translation>
    </message>
    <message>
        <source>The desktop shows notifications.</source>
        <translation>O ambiente gráfico mostra notificações.</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot hold a database (SQLite). Choose a folder on another drive (--base-dir).</source>
        <translation>A unidade de {folder} não comporta um banco de dados (SQLite). Escolha uma pasta em outra unidade (--base-dir).</translation>
    </message>
    <message>
        <source>The drive of {folder} cannot lock files, so two programs could write to one diary. Choose a folder on another drive (--base-dir).</source>
        <translation>A unidade de {folder} não bloqueia arquivos, então dois programas poderiam gravar em um mesmo diário. Escolha uma pasta em outra unidade (--base-dir).</translation>
    </message>
    <message>
        <source>The keyring did not answer. It may be waiting for you in a dialog.</source>
        <translation>O chaveiro não respondeu. Talvez esteja esperando você em uma caixa de diálogo.</translation>
    </message>
    <message>
        <source>The proxy {detail} did not connect to {name}. Ask the network&apos;s administrator whether the proxy allows the marketplace.</source>
        <translation>O proxy {detail} não se conectou a {name}. Pergunte à administração da rede se o proxy permite a plataforma.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, asks for a user name and a password. Enter them under Network in the settings, or ask the network&apos;s administrator.</source>
        <translation>O proxy {detail}, que conecta a {name}, pede usuário e senha. Digite-os em “Rede”, nas configurações, ou fale com a administração da rede.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, does not answer. Check it under Network in the settings.</source>
        <translation>O proxy {detail}, que conecta a {name}, não responde. Verifique-o em “Rede”, nas configurações.</translation>
    </message>
    <message>
        <source>The proxy {detail}, which connects to {name}, has an unknown host name. Check it under Network in the settings.</source>
        <translation>O proxy {detail}, que conecta a {name}, tem um nome desconhecido. Verifique-o em “Rede”, nas configurações.</translation>
    </message>
    <message>
        <source>Workdiary cannot use the proxy {detail}, which connects to {name}: its type is not supported. Enter the address of an HTTP proxy under Network in the settings.</source>
        <translation>O Workdiary não pode usar o proxy {detail}, que conecta a {name}: o tipo dele não é compatível. Digite o endereço de um proxy HTTP em “Rede”, nas configurações.</translation>
    </message>
    <message>
        <source>The system delays sleep until the work is saved (logind).</source>
        <translation>O sistema adia a suspensão até o trabalho estar salvo (logind).</translation>
    </message>
    <message>
        <source>This Wayland desktop does not report input; your time counts, and the record states that activity was not measured. A session on Xorg, chosen at the login screen, has counts.</source>
        <translation>Este ambiente Wayland não informa a atividade; seu tempo conta e o registro informa que a atividade não foi medida. Uma sessão Xorg, escolhida na tela de login, tem contagens.</translation>
    </message>
    <message>
        <source>This Wayland desktop has no portal that takes pictures (xdg-desktop-portal with a Screenshot interface); your time counts, and the record states why there is no picture. In a session on Xorg, chosen at the login screen, pictures work.</source>
        <translation>Este ambiente Wayland não tem um portal que faça capturas (xdg-desktop-portal com uma interface Screenshot); seu tempo conta e o registro informa por que não há captura. Em uma sessão Xorg, escolhida na tela de login, as capturas funcionam.</translation>
    </message>
    <message>
        <source>This Wayland desktop offers programs only screen casts (the ScreenCast portal). To take pictures from them, install GStreamer&apos;s tools with their PipeWire and PNG elements; on Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base and gstreamer1.0-plugins-good.</source>
        <translation>Este ambiente Wayland só oferece aos programas transmissões de tela (o portal ScreenCast). Para fazer capturas a partir delas, instale as ferramentas do GStreamer com os elementos PipeWire e PNG; no Debian: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base e gstreamer1.0-plugins-good.</translation>
    </message>
    <message>
        <source>This X server does not allow input counts; only seconds with activity are recorded.</source>
        <translation>Este servidor X não permite contar teclas e cliques; só segundos com atividade são registrados.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Este computador</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet.</source>
        <translation>Este computador ainda não está vinculado a nenhuma plataforma.</translation>
    </message>
    <message>
        <source>This version cannot count input on this system.</source>
        <translation>Esta versão não conta teclas e cliques neste sistema.</translation>
    </message>
    <message>
        <source>This version takes no pictures on this system.</source>
        <translation>Esta versão não faz capturas neste sistema.</translation>
    </message>
    <message>
        <source>Tray</source>
        <translation>Bandeja do sistema</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versões</translation>
    </message>
    <message>
        <source>While recording, Workdiary checks once a second whether macOS has locked the screen; the clocks detect sleep.</source>
        <translation>Durante a gravação, o Workdiary verifica a cada segundo se o macOS bloqueou a tela; os relógios detectam a suspensão.</translation>
    </message>
    <message>
        <source>Windows reports lock and sleep.</source>
        <translation>O Windows informa bloqueio e suspensão.</translation>
    </message>
    <message>
        <source>Windows reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>O Windows só informa segundos com atividade; teclas e cliques não são contados.</translation>
    </message>
    <message>
        <source>Workdiary records for this marketplace.</source>
        <translation>O Workdiary grava para esta plataforma.</translation>
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
        <translation>Funciona em parte</translation>
    </message>
    <message>
        <source>You have switched counting off, and this system does not report seconds with activity; your time counts, and the record states that activity was not measured.</source>
        <translation>Você desligou a contagem, e este sistema não informa segundos com atividade; seu tempo conta e o registro informa que a atividade não foi medida.</translation>
    </message>
    <message>
        <source>macOS does not allow input counts; only seconds with activity are recorded. For counts, allow Workdiary under System Settings, Privacy &amp; Security, Input Monitoring, then start recording again.</source>
        <translation>O macOS não permite contar teclas e cliques; só segundos com atividade são registrados. Para contar, permita o Workdiary em Ajustes do Sistema, Privacidade e Segurança, Monitoramento de Entrada, e inicie a gravação de novo.</translation>
    </message>
    <message>
        <source>macOS does not allow pictures. Allow Workdiary under System Settings, Privacy &amp; Security, Screen Recording, then start recording again.</source>
        <translation>O macOS não permite capturas. Permita o Workdiary em Ajustes do Sistema, Privacidade e Segurança, Gravação de Tela, e inicie a gravação de novo.</translation>
    </message>
    <message>
        <source>macOS reports only seconds with activity; keys and clicks are not counted.</source>
        <translation>O macOS só informa segundos com atividade; teclas e cliques não são contados.</translation>
    </message>
    <message>
        <source>{folder} cannot be used: a symbolic link in its path has no target ({detail}). Restore the target, or choose another folder (--base-dir).</source>
        <translation>{folder} não pode ser usada: um link simbólico no caminho não tem destino ({detail}). Restaure o destino ou escolha outra pasta (--base-dir).</translation>
    </message>
    <message>
        <source>{folder} is not writable ({detail}). Nothing can be recorded until it is.</source>
        <translation>Não é possível gravar em {folder} ({detail}). Até lá, nada pode ser registrado.</translation>
    </message>
    <message>
        <source>{folder} is on a drive that is not connected. Connect it before you start.</source>
        <translation>{folder} está em uma unidade que não está conectada. Conecte-a antes de começar.</translation>
    </message>
    <message>
        <source>{folder} is writable; {free} GB of the disk are free.</source>
        <translation>É possível gravar em {folder}; {free} GB do disco estão livres.</translation>
    </message>
    <message>
        <source>{name} answers.</source>
        <translation>{name} responde.</translation>
    </message>
    <message>
        <source>{name} cannot be reached ({problem}). Work can be recorded and is uploaded later.</source>
        <translation>{name} está inacessível ({problem}). O trabalho pode ser registrado e é enviado depois.</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>a file is missing, was changed, or is not the one that was asked for</source>
        <translation>um arquivo falta, foi alterado ou não é o que foi pedido</translation>
    </message>
    <message>
        <source>a log key cannot be used or was not announced</source>
        <translation>uma chave do log não pode ser usada ou não foi anunciada</translation>
    </message>
    <message>
        <source>a part appears twice or uses the name of a signed field</source>
        <translation>uma parte aparece duas vezes ou usa o nome de um campo assinado</translation>
    </message>
    <message>
        <source>a part had not arrived at the marketplace</source>
        <translation>uma parte não havia chegado à plataforma</translation>
    </message>
    <message>
        <source>a part that was never signed is shown</source>
        <translation>aparece uma parte que nunca foi assinada</translation>
    </message>
    <message>
        <source>a picture file differs from the one that was signed</source>
        <translation>o arquivo de uma captura difere do que foi assinado</translation>
    </message>
    <message>
        <source>a picture was not taken at its random time</source>
        <translation>uma captura não foi feita no seu momento aleatório</translation>
    </message>
    <message>
        <source>another copy of this folder used its number first</source>
        <translation>outra cópia desta pasta usou antes o seu número</translation>
    </message>
    <message>
        <source>another copy of this folder used the number before it</source>
        <translation>outra cópia desta pasta usou o número anterior</translation>
    </message>
    <message>
        <source>it arrived too late</source>
        <translation>chegou tarde demais</translation>
    </message>
    <message>
        <source>the computer used an older random value than before</source>
        <translation>o computador usou um valor aleatório mais antigo que antes</translation>
    </message>
    <message>
        <source>the contract does not allow this kind of time</source>
        <translation>o contrato não permite este tipo de tempo</translation>
    </message>
    <message>
        <source>the contract&apos;s terms did not apply</source>
        <translation>os termos do contrato não se aplicavam</translation>
    </message>
    <message>
        <source>the data is a signed object of another type</source>
        <translation>os dados são um objeto assinado de outro tipo</translation>
    </message>
    <message>
        <source>the data is malformed</source>
        <translation>os dados estão malformados</translation>
    </message>
    <message>
        <source>the data is signed with an algorithm that the protocol does not allow</source>
        <translation>os dados estão assinados com um algoritmo que o protocolo não permite</translation>
    </message>
    <message>
        <source>the key is weak</source>
        <translation>a chave é fraca</translation>
    </message>
    <message>
        <source>the log did not publish the random value named here</source>
        <translation>o log não publicou o valor aleatório indicado aqui</translation>
    </message>
    <message>
        <source>the log does not prove that it only added entries</source>
        <translation>o log não prova que só acrescentou entradas</translation>
    </message>
    <message>
        <source>the log showed two different histories</source>
        <translation>o log mostrou dois históricos diferentes</translation>
    </message>
    <message>
        <source>the log&apos;s signature does not match any trusted key</source>
        <translation>a assinatura do log não corresponde a nenhuma chave confiável</translation>
    </message>
    <message>
        <source>this computer is not enrolled at the marketplace</source>
        <translation>este computador não está registrado na plataforma</translation>
    </message>
    <message>
        <source>too few witnesses have confirmed this state of the log</source>
        <translation>poucas testemunhas confirmaram este estado do log</translation>
    </message>
    <message>
        <source>the random time or the number of the pictures is not the one that was drawn</source>
        <translation>o momento aleatório ou o número de capturas não é o sorteado</translation>
    </message>
    <message>
        <source>the random value named here belongs to a later slot</source>
        <translation>o valor aleatório indicado aqui pertence a um intervalo posterior</translation>
    </message>
    <message>
        <source>the receipt does not prove that the log contains this</source>
        <translation>o recibo não prova que o log contém isto</translation>
    </message>
    <message>
        <source>the segment ends after the log received it</source>
        <translation>o segmento termina depois que o log o recebeu</translation>
    </message>
    <message>
        <source>the segment that this refers to is missing</source>
        <translation>falta o segmento a que isto se refere</translation>
    </message>
    <message>
        <source>the signature does not match the signed data</source>
        <translation>a assinatura não corresponde aos dados assinados</translation>
    </message>
    <message>
        <source>the slot does not begin at a full ten minutes</source>
        <translation>o intervalo não começa em um múltiplo de dez minutos</translation>
    </message>
    <message>
        <source>the times do not match the slot or the measured duration</source>
        <translation>os horários não correspondem ao intervalo ou à duração medida</translation>
    </message>
    <message>
        <source>the times in the log run backwards</source>
        <translation>os horários no log andam para trás</translation>
    </message>
    <message>
        <source>this computer joined after the work</source>
        <translation>este computador foi vinculado depois do trabalho</translation>
    </message>
    <message>
        <source>this computer was signed out before it arrived</source>
        <translation>este computador saiu da conta antes da chegada</translation>
    </message>
    <message>
        <source>this computer was stopped before it arrived</source>
        <translation>este computador foi bloqueado antes da chegada</translation>
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
        <translation>&amp;Concluir</translation>
    </message>
    <message>
        <source>&amp;Join</source>
        <translation>&amp;Vincular</translation>
    </message>
    <message>
        <source>&amp;Read what is recorded</source>
        <translation>&amp;Ler o que é registrado</translation>
    </message>
    <message>
        <source>&amp;Sign in with your browser</source>
        <translation>&amp;Entrar pelo navegador</translation>
    </message>
    <message>
        <source>&amp;Take a test picture</source>
        <translation>&amp;Fazer uma captura de teste</translation>
    </message>
    <message>
        <source>1 Sign in</source>
        <translation>1 Entrar</translation>
    </message>
    <message>
        <source>2 What is recorded</source>
        <translation>2 O que é registrado</translation>
    </message>
    <message>
        <source>3 Test picture</source>
        <translation>3 Captura de teste</translation>
    </message>
    <message>
        <source>C&amp;opy the address</source>
        <translation>C&amp;opiar o endereço</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Ca&amp;ncelar</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Verificando …</translation>
    </message>
    <message>
        <source>Continue in your browser. If no page has opened, copy its address into a browser.</source>
        <translation>Continue no navegador. Se nenhuma página abriu, copie o endereço dela em um navegador.</translation>
    </message>
    <message>
        <source>Everything on the screen is covered by your settings.</source>
        <translation>Suas configurações cobrem a tela inteira.</translation>
    </message>
    <message>
        <source>Found: {name}, a Workdiary marketplace</source>
        <translation>Encontrada: {name}, uma plataforma Workdiary</translation>
    </message>
    <message>
        <source>I have a &amp;code</source>
        <translation>Tenho um &amp;código</translation>
    </message>
    <message>
        <source>It is shown here only, and neither stored nor sent.</source>
        <translation>É mostrada só aqui; não é salva nem enviada.</translation>
    </message>
    <message>
        <source>Joining took too long. Sign in again.</source>
        <translation>A vinculação demorou demais. Entre de novo.</translation>
    </message>
    <message>
        <source>Key presses are counted, never what you type.</source>
        <translation>As teclas são contadas, nunca o que você digita.</translation>
    </message>
    <message>
        <source>Looking for the marketplace …</source>
        <translation>Procurando a plataforma …</translation>
    </message>
    <message>
        <source>Marketplace &amp;address</source>
        <translation>En&amp;dereço da plataforma</translation>
    </message>
    <message>
        <source>Marketplace address</source>
        <translation>Endereço da plataforma</translation>
    </message>
    <message>
        <source>Net&amp;work …</source>
        <translation>&amp;Rede …</translation>
    </message>
    <message>
        <source>No picture could be taken. See the checks below.</source>
        <translation>Nenhuma captura pôde ser feita. Veja as verificações abaixo.</translation>
    </message>
    <message>
        <source>No test picture yet</source>
        <translation>Ainda sem captura de teste</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start</source>
        <translation>Nada é registrado até você pressionar Iniciar</translation>
    </message>
    <message>
        <source>Nothing is recorded until you press Start.</source>
        <translation>Nada é registrado até você pressionar Iniciar.</translation>
    </message>
    <message>
        <source>Once on this computer. Your password stays in the browser.</source>
        <translation>Uma vez neste computador. Sua senha fica no navegador.</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>Código de uso único</translation>
    </message>
    <message>
        <source>Opening the sign-in …</source>
        <translation>Abrindo a página de entrada …</translation>
    </message>
    <message>
        <source>Read what your contract records, who sees it and for how long.</source>
        <translation>Leia o que seu contrato registra, quem vê e por quanto tempo.</translation>
    </message>
    <message>
        <source>Recording always shows in the tray. No hidden mode.</source>
        <translation>A gravação sempre aparece na bandeja. Não há modo oculto.</translation>
    </message>
    <message>
        <source>Return to Workdiary. You can close this page.</source>
        <translation>Volte ao Workdiary. Você pode fechar esta página.</translation>
    </message>
    <message>
        <source>See or delete each picture before it leaves.</source>
        <translation>Veja ou exclua cada captura antes que ela saia.</translation>
    </message>
    <message>
        <source>Set by the administrator of this computer.</source>
        <translation>Definido pela administração deste computador.</translation>
    </message>
    <message>
        <source>Set by {organisation}.</source>
        <translation>Definido por {organisation}.</translation>
    </message>
    <message>
        <source>Set up Workdiary</source>
        <translation>Configurar o Workdiary</translation>
    </message>
    <message>
        <source>Sign in to your marketplace</source>
        <translation>Entre na sua plataforma</translation>
    </message>
    <message>
        <source>Signed in. This computer joins now …</source>
        <translation>Você entrou. Este computador está sendo vinculado …</translation>
    </message>
    <message>
        <source>Test picture</source>
        <translation>Captura de teste</translation>
    </message>
    <message>
        <source>The desktop did not allow a picture.</source>
        <translation>O ambiente gráfico não permitiu uma captura.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sign in again.</source>
        <translation>O chaveiro perdeu as chaves deste computador. Entre de novo.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Sign in again.</source>
        <translation>A plataforma não aceitou este computador. Entre de novo.</translation>
    </message>
    <message>
        <source>The screen is locked.</source>
        <translation>A tela está bloqueada.</translation>
    </message>
    <message>
        <source>This code is unknown, used or expired. Ask your marketplace for a new one.</source>
        <translation>Este código é desconhecido, já foi usado ou expirou. Peça um novo à sua plataforma.</translation>
    </message>
    <message>
        <source>This computer has joined {marketplace} as {account}.</source>
        <translation>Este computador está vinculado a {marketplace} como {account}.</translation>
    </message>
    <message>
        <source>Try a&amp;gain</source>
        <translation>&amp;Tentar de novo</translation>
    </message>
    <message>
        <source>Waiting for your keyring. It may ask for its password.</source>
        <translation>Aguardando o chaveiro. Ele pode pedir a senha.</translation>
    </message>
    <message>
        <source>What is recorded</source>
        <translation>O que é registrado</translation>
    </message>
    <message>
        <source>Enter an address like https://work.example.org.</source>
        <translation>Escreva um endereço como https://work.example.org.</translation>
    </message>
    <message>
        <source>You have agreed to what this contract records.</source>
        <translation>Você concordou com o que este contrato registra.</translation>
    </message>
    <message>
        <source>You have no contract yet. The page is shown before your first recording.</source>
        <translation>Você ainda não tem contrato. A página aparece antes da sua primeira gravação.</translation>
    </message>
    <message>
        <source>Your marketplace shows its address.</source>
        <translation>Sua plataforma mostra o endereço dela.</translation>
    </message>
</context>
<context>
    <name>Idle</name>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Manter</translation>
    </message>
    <message>
        <source>&amp;Remove this time</source>
        <translation>&amp;Remover este tempo</translation>
    </message>
    <message>
        <source>Keep and &amp;continue</source>
        <translation>Manter e &amp;continuar</translation>
    </message>
    <message>
        <source>No input from {since} to {until}</source>
        <translation>Sem atividade das {since} às {until}</translation>
    </message>
    <message>
        <source>Time without input</source>
        <translation>Tempo sem atividade</translation>
    </message>
    <message>
        <source>Were you working away from the keyboard, for example on the phone? Keep these {time} with a note: {client} sees the note, and that there was no input. If you remove the time, no record of it remains.</source>
        <translation>Você trabalhava longe do teclado, por exemplo ao telefone? Mantenha estes {time} com uma nota: {client} vê a nota e que não houve atividade. Se você remover o tempo, não fica nenhum registro dele.</translation>
    </message>
    <message>
        <source>What did you do?</source>
        <translation>O que você fez?</translation>
    </message>
    <message>
        <source>the client</source>
        <translation>o cliente</translation>
    </message>
</context>
<context>
    <name>Manual</name>
    <message>
        <source>&amp;Add {time}</source>
        <translation>&amp;Adicionar {time}</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation>&amp;Dia</translation>
    </message>
    <message>
        <source>&amp;From, to</source>
        <translation>D&amp;e, até</translation>
    </message>
    <message>
        <source>&amp;Memo</source>
        <translation>De&amp;scrição</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>&amp;Motivo</translation>
    </message>
    <message>
        <source>Add manual time</source>
        <translation>Adicionar tempo manual</translation>
    </message>
    <message>
        <source>At most 12 hours at once.</source>
        <translation>No máximo 12 horas por vez.</translation>
    </message>
    <message>
        <source>Con&amp;tract</source>
        <translation>Con&amp;trato</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Dia</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>It is marked as entered manually wherever it appears, and it is not protected. The client sees the reason.</source>
        <translation>É marcado como inserido à mão onde aparece, e não é protegido. O cliente vê o motivo.</translation>
    </message>
    <message>
        <source>Only time that has passed can be added.</source>
        <translation>Só é possível adicionar tempo que já passou.</translation>
    </message>
    <message>
        <source>Stop the recording first.</source>
        <translation>Pare a gravação primeiro.</translation>
    </message>
    <message>
        <source>The contract does not allow manual time.</source>
        <translation>O contrato não permite tempo manual.</translation>
    </message>
    <message>
        <source>The end must be after the beginning.</source>
        <translation>O fim deve ser depois do início.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Até</translation>
    </message>
    <message>
        <source>Write a memo.</source>
        <translation>Escreva uma descrição.</translation>
    </message>
    <message>
        <source>Write why it was not recorded.</source>
        <translation>Escreva por que não foi gravado.</translation>
    </message>
</context>
<context>
    <name>Marketplaces</name>
    <message numerus="yes">
        <source>%n entries are waiting for {marketplace}.</source>
        <translation>
            <numerusform>%n entrada espera por {marketplace}.</numerusform>
            <numerusform>%n entradas esperam por {marketplace}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. Switch to it to finish them.</source>
        <translation>
            <numerusform>%n entrada espera. Troque para esta plataforma para concluí-la.</numerusform>
            <numerusform>%n entradas esperam. Troque para esta plataforma para concluí-las.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries waiting. They could not be uploaded yet.</source>
        <translation>
            <numerusform>%n entrada espera. Ainda não foi possível enviá-la.</numerusform>
            <numerusform>%n entradas esperam. Ainda não foi possível enviá-las.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Adicionar …</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>Continuar como &amp;antes</translation>
    </message>
    <message>
        <source>&amp;Stop and add</source>
        <translation>&amp;Parar e adicionar</translation>
    </message>
    <message>
        <source>&amp;Stop and switch</source>
        <translation>&amp;Parar e trocar</translation>
    </message>
    <message>
        <source>Add a marketplace</source>
        <translation>Adicionar uma plataforma</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Endereço</translation>
    </message>
    <message>
        <source>Marketplaces</source>
        <translation>Plataformas</translation>
    </message>
    <message>
        <source>No other marketplace can be opened.</source>
        <translation>Nenhuma outra plataforma pode ser aberta.</translation>
    </message>
    <message>
        <source>Nothing is waiting.</source>
        <translation>Nada em espera.</translation>
    </message>
    <message>
        <source>Open now. Time is recorded for it.</source>
        <translation>Aberta agora. O tempo é gravado para ela.</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>Sair da con&amp;ta …</translation>
    </message>
    <message>
        <source>Stop recording and add a marketplace?</source>
        <translation>Parar a gravação e adicionar uma plataforma?</translation>
    </message>
    <message>
        <source>Stop recording and switch to {marketplace}?</source>
        <translation>Parar a gravação e trocar para {marketplace}?</translation>
    </message>
    <message>
        <source>Switch</source>
        <translation>Trocar</translation>
    </message>
    <message>
        <source>Switch to {marketplace}</source>
        <translation>Trocar para {marketplace}</translation>
    </message>
    <message>
        <source>This computer is not signed in to a marketplace.</source>
        <translation>Este computador não está conectado a nenhuma plataforma.</translation>
    </message>
    <message>
        <source>This computer stays signed in to the others. One is open at a time.</source>
        <translation>Este computador continua conectado às outras. Uma fica aberta por vez.</translation>
    </message>
    <message>
        <source>Your time up to now is saved for {current} and uploaded. What cannot be uploaded now stays safe on this computer and is uploaded later. A picture under review is shown again when you switch back.</source>
        <translation>Seu tempo até agora é salvo para {current} e enviado. O que não puder ser enviado agora fica seguro neste computador e é enviado depois. Uma captura em revisão é mostrada de novo quando você voltar.</translation>
    </message>
</context>
<context>
    <name>Network</name>
    <message>
        <source>&amp;Connection</source>
        <translation>&amp;Conexão</translation>
    </message>
    <message>
        <source>&amp;Password</source>
        <translation>&amp;Senha</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Remover</translation>
    </message>
    <message>
        <source>&amp;Save password</source>
        <translation>Salvar se&amp;nha</translation>
    </message>
    <message>
        <source>&amp;Script</source>
        <translation>&amp;Script</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Testar</translation>
    </message>
    <message>
        <source>&amp;User name</source>
        <translation>&amp;Usuário</translation>
    </message>
    <message>
        <source>A proxy that the script names is used without a sign-in.</source>
        <translation>O proxy indicado pelo script é usado sem usuário nem senha.</translation>
    </message>
    <message>
        <source>A user name has no colon and at most 256 characters.</source>
        <translation>Um nome de usuário não tem dois-pontos e tem no máximo 256 caracteres.</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>An address is missing. Enter it first.</source>
        <translation>Falta um endereço. Digite-o primeiro.</translation>
    </message>
    <message>
        <source>Asks the marketplace for its name, with these settings.</source>
        <translation>Pergunta à plataforma o nome dela, com estas configurações.</translation>
    </message>
    <message>
        <source>By a proxy script (PAC)</source>
        <translation>Conforme um script (PAC)</translation>
    </message>
    <message>
        <source>C&amp;hoose …</source>
        <translation>Escol&amp;her …</translation>
    </message>
    <message>
        <source>Certificate authority: {reason}</source>
        <translation>Autoridade certificadora: {reason}</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>Certificados (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>Choose the certificate authority</source>
        <translation>Escolher a autoridade certificadora</translation>
    </message>
    <message>
        <source>Enter the address of an HTTP proxy without a password, such as http://proxy.example:3128.</source>
        <translation>Digite o endereço de um proxy HTTP sem senha, como http://proxy.example:3128.</translation>
    </message>
    <message>
        <source>Enter the proxy&apos;s address and the user name first.</source>
        <translation>Digite primeiro o endereço do proxy e o usuário.</translation>
    </message>
    <message>
        <source>Enter the script&apos;s address (http or https) or the whole path of its file.</source>
        <translation>Digite o endereço do script (http ou https) ou o caminho completo do arquivo dele.</translation>
    </message>
    <message>
        <source>How Workdiary reaches the marketplace.</source>
        <translation>Como o Workdiary chega à plataforma.</translation>
    </message>
    <message>
        <source>If the proxy asks for one</source>
        <translation>Se o proxy pedir</translation>
    </message>
    <message>
        <source>Needed if your organisation inspects connections. The certificates in this PEM file are trusted in addition to the system&apos;s.</source>
        <translation>Necessária se a sua organização inspeciona as conexões. Os certificados deste arquivo PEM são aceitos além dos do sistema.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Rede</translation>
    </message>
    <message>
        <source>No keyring is available, so the proxy&apos;s password cannot be read.</source>
        <translation>O chaveiro que guarda a senha do proxy não foi encontrado.</translation>
    </message>
    <message>
        <source>No marketplace is set yet. Enter its address first.</source>
        <translation>Ainda não há uma plataforma. Digite primeiro o endereço dela.</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no file</comment>
        <translation>Nenhuma</translation>
    </message>
    <message>
        <source>Custom certificate authority</source>
        <translation>Autoridade certificadora própria</translation>
    </message>
    <message>
        <source>Proxy &amp;address</source>
        <translation>&amp;Endereço do proxy</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Igual ao sistema</translation>
    </message>
    <message>
        <source>Saved in the keyring. Applies to the next connection.</source>
        <translation>Salva no chaveiro. Vale a partir da próxima conexão.</translation>
    </message>
    <message>
        <source>Saved. Applies to the next connection.</source>
        <translation>Salvo. Vale a partir da próxima conexão.</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Testar a conexão</translation>
    </message>
    <message>
        <source>Testing …</source>
        <translation>Testando …</translation>
    </message>
    <message>
        <source>The certificate is not trusted here. If your organisation inspects connections, choose its certificate authority above. Otherwise check the clock of this computer.</source>
        <translation>O certificado não é confiável aqui. Se a sua organização inspeciona as conexões, escolha acima a autoridade certificadora dela. Se não, verifique o relógio deste computador.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>O arquivo não pode ser lido.</translation>
    </message>
    <message>
        <source>The file contains a private key, which must stay secret. Choose one with the certificate only.</source>
        <translation>O arquivo contém uma chave privada, que deve continuar secreta. Escolha um que tenha só o certificado.</translation>
    </message>
    <message>
        <source>The file contains no valid certificate in PEM form.</source>
        <translation>O arquivo não contém nenhum certificado PEM válido.</translation>
    </message>
    <message>
        <source>The file does not exist any more. Choose another.</source>
        <translation>O arquivo não existe mais. Escolha outro.</translation>
    </message>
    <message>
        <source>The file is too large for a list of certificates.</source>
        <translation>O arquivo é grande demais para uma lista de certificados.</translation>
    </message>
    <message>
        <source>The proxy&apos;s password could not be read from the keyring. Test again.</source>
        <translation>O chaveiro não deu a senha do proxy. Teste de novo.</translation>
    </message>
    <message>
        <source>The keyring with the proxy&apos;s password is locked. Unlock it, then test again.</source>
        <translation>O chaveiro com a senha do proxy está bloqueado. Desbloqueie-o e teste de novo.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time.</source>
        <translation>A plataforma não respondeu a tempo.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s host name is unknown here. Check its address and the network; some networks need a proxy.</source>
        <translation>O nome da plataforma não é conhecido aqui. Verifique o endereço dela e a rede; algumas redes precisam de um proxy.</translation>
    </message>
    <message>
        <source>The password was not saved. {reason}</source>
        <translation>A senha não foi salva. {reason}</translation>
    </message>
    <message>
        <source>The password was removed from the keyring.</source>
        <translation>A senha foi removida do chaveiro.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched: {reason}. Check its address.</source>
        <translation>Não é possível obter o script de proxy (PAC): {reason}. Verifique o endereço dele.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work: {reason}. Ask the network&apos;s administrator.</source>
        <translation>O script de proxy (PAC) não funciona: {reason}. Fale com a administração da rede.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not accept the sign-in. Check the user name and the password.</source>
        <translation>O proxy {proxy} não aceita o acesso. Verifique o usuário e a senha.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not answer. Check its address.</source>
        <translation>O proxy {proxy} não responde. Verifique o endereço dele.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not connect to the marketplace. Ask the network&apos;s administrator whether it is allowed.</source>
        <translation>O proxy {proxy} não se conecta à plataforma. Pergunte à administração da rede se ela é permitida.</translation>
    </message>
    <message>
        <source>The proxy {proxy} has an unknown host name. Check its address.</source>
        <translation>O proxy {proxy} tem um nome desconhecido. Verifique o endereço dele.</translation>
    </message>
    <message>
        <source>The system&apos;s keyring keeps it for this proxy and user. Save an empty field to remove it.</source>
        <translation>O chaveiro do sistema a guarda para este proxy e usuário. Salve o campo vazio para removê-la.</translation>
    </message>
    <message>
        <source>The type of the proxy {proxy} is not supported. Use the address of an HTTP proxy.</source>
        <translation>O tipo do proxy {proxy} não é compatível. Use o endereço de um proxy HTTP.</translation>
    </message>
    <message>
        <source>There is no connection to the marketplace. Some networks need a proxy.</source>
        <translation>Não há conexão com a plataforma. Algumas redes precisam de um proxy.</translation>
    </message>
    <message>
        <source>Through this proxy</source>
        <translation>Por este proxy</translation>
    </message>
    <message>
        <source>Without a proxy</source>
        <translation>Sem proxy</translation>
    </message>
    <message>
        <source>an error in the script</source>
        <translation>há um erro no script</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example/proxy.pac</source>
        <translation>p.&#xa0;ex. http://proxy.example/proxy.pac</translation>
    </message>
    <message>
        <source>e.g. http://proxy.example:3128</source>
        <translation>p.&#xa0;ex. http://proxy.example:3128</translation>
    </message>
    <message>
        <source>it does not end</source>
        <translation>ele não termina</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>ele é grande demais</translation>
    </message>
    <message>
        <source>it names no proxy</source>
        <translation>ele não indica nenhum proxy</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>sem resposta a tempo</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>o arquivo não pode ser lido</translation>
    </message>
    <message>
        <source>the file is missing</source>
        <translation>falta o arquivo</translation>
    </message>
    <message>
        <source>{name} answers, through the proxy {proxy}.</source>
        <translation>{name} responde, pelo proxy {proxy}.</translation>
    </message>
    <message>
        <source>{name} answers, without a proxy.</source>
        <translation>{name} responde, sem proxy.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>&amp;Answer</source>
        <translation>&amp;Responder</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Copiar</translation>
    </message>
    <message>
        <source>&amp;OK</source>
        <translation>O&amp;K</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>&amp;Abrir</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Sair</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>&amp;Tentar de novo</translation>
    </message>
    <message>
        <source>&amp;Use its time</source>
        <translation>&amp;Usar a hora dela</translation>
    </message>
    <message>
        <source>&amp;Write</source>
        <translation>&amp;Escrever</translation>
    </message>
    <message>
        <source>A copy of this folder recorded too: {seconds} are sent again, {unpaid_s} are unpaid.</source>
        <translation>Uma cópia desta pasta também gravou: {seconds} são enviados de novo, {unpaid_s} não são pagos.</translation>
    </message>
    <message>
        <source>A file of the diary is missing from the disk. The rest is safe.</source>
        <translation>Falta no disco um arquivo do diário. O resto está seguro.</translation>
    </message>
    <message>
        <source>A file of unfinished work cannot be read. It stays on this computer, unpaid.</source>
        <translation>Um arquivo de trabalho inacabado não pode ser lido. Ele fica neste computador, sem pagamento.</translation>
    </message>
    <message>
        <source>A new device signed in to your account. Is it yours?</source>
        <translation>Um novo dispositivo entrou na sua conta. É seu?</translation>
    </message>
    <message>
        <source>A newer Workdiary wrote this folder. Nothing changed. Install the newer one.</source>
        <translation>Um Workdiary mais novo gravou esta pasta. Nada mudou. Instale o mais novo.</translation>
    </message>
    <message>
        <source>A random value for picture times was refused. Work continues.</source>
        <translation>Um valor aleatório para os horários das capturas foi recusado. O trabalho continua.</translation>
    </message>
    <message>
        <source>A record of unsealed work is damaged. At most 10 min are lost. The rest is safe.</source>
        <translation>Um registro de trabalho não selado está danificado. Perdem-se no máximo 10 min. O resto está seguro.</translation>
    </message>
    <message>
        <source>A stored file is damaged and was set aside. Everything else continues.</source>
        <translation>Um arquivo salvo está danificado e foi separado. Todo o resto continua.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Endereço</translation>
    </message>
    <message>
        <source>Another copy of this folder recorded with the same key.</source>
        <translation>Outra cópia desta pasta gravou com a mesma chave.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Joining stopped. Check the address.</source>
        <translation>Outra plataforma responde neste endereço. A vinculação foi interrompida. Verifique o endereço.</translation>
    </message>
    <message>
        <source>Another marketplace answers at this address. Nothing was sent.</source>
        <translation>Outra plataforma responde neste endereço. Nada foi enviado.</translation>
    </message>
    <message>
        <source>Before the first recording, this computer must connect to the marketplace once.</source>
        <translation>Antes da primeira gravação, este computador precisa se conectar uma vez à plataforma.</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Fechar</translation>
    </message>
    <message>
        <source>Earlier work was saved with a clock {off_s} ahead and may not be paid. New work gets the right time.</source>
        <translation>Trabalho anterior foi salvo com um relógio {off_s} adiantado e talvez não seja pago. O trabalho novo recebe a hora certa.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace signs with another key. Ask its support.</source>
        <translation>Vinculação interrompida: a plataforma assina com outra chave. Pergunte ao suporte dela.</translation>
    </message>
    <message>
        <source>Joining stopped: the marketplace&apos;s log showed two histories. Both are kept.</source>
        <translation>Vinculação interrompida: o log da plataforma mostrou dois históricos. Ambos são guardados.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Get a new code.</source>
        <translation>A vinculação demorou demais. As chaves são mantidas. Obtenha um novo código.</translation>
    </message>
    <message>
        <source>Joining took too long. The keys are kept. Put a new code into its file.</source>
        <translation>A vinculação demorou demais. As chaves são mantidas. Coloque um novo código no arquivo.</translation>
    </message>
    <message>
        <source>Joining: a contract&apos;s terms are not in the log. Try again later.</source>
        <translation>Vinculação: os termos de um contrato não estão no log. Tente mais tarde.</translation>
    </message>
    <message>
        <source>Joining: a random value of the marketplace is not in its log. Try again later.</source>
        <translation>Vinculação: um valor aleatório da plataforma não está no log dela. Tente mais tarde.</translation>
    </message>
    <message>
        <source>Joining: no marketplace answered there. Check the address. Workdiary tries again.</source>
        <translation>Vinculação: nenhuma plataforma respondeu ali. Verifique o endereço. O Workdiary tenta de novo.</translation>
    </message>
    <message>
        <source>Joining: the address redirects elsewhere. Check the address and the network.</source>
        <translation>Vinculação: o endereço redireciona para outro lugar. Verifique o endereço e a rede.</translation>
    </message>
    <message>
        <source>Joining: the answer is incomplete. Workdiary tries again by itself.</source>
        <translation>Vinculação: a resposta está incompleta. O Workdiary tenta de novo sozinho.</translation>
    </message>
    <message>
        <source>Joining: the answer was too long. Workdiary tries again by itself.</source>
        <translation>Vinculação: a resposta foi longa demais. O Workdiary tenta de novo sozinho.</translation>
    </message>
    <message>
        <source>Joining: the connection broke. Workdiary tries again by itself.</source>
        <translation>Vinculação: a conexão caiu. O Workdiary tenta de novo sozinho.</translation>
    </message>
    <message>
        <source>Joining: the file of your certificate authority cannot be used. Choose it again.</source>
        <translation>Vinculação: o arquivo da sua autoridade certificadora não pode ser usado. Escolha-o de novo.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not answer in time. Workdiary tries again by itself.</source>
        <translation>Vinculação: a plataforma não respondeu a tempo. O Workdiary tenta de novo sozinho.</translation>
    </message>
    <message>
        <source>Joining: the marketplace did not prove that this computer is in its log.</source>
        <translation>Vinculação: a plataforma não provou que este computador está no log dela.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is busy, retrying later.</source>
        <translation>Vinculação: a plataforma está ocupada, nova tentativa mais tarde.</translation>
    </message>
    <message>
        <source>Joining: the marketplace is having problems. Workdiary tries again by itself.</source>
        <translation>Vinculação: a plataforma está com problemas. O Workdiary tenta de novo sozinho.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s certificate is not trusted. Check clock and network.</source>
        <translation>Vinculação: o certificado da plataforma não é confiável. Verifique o relógio e a rede.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s log could not be checked. Try again later.</source>
        <translation>Vinculação: o log da plataforma não pôde ser verificado. Tente mais tarde.</translation>
    </message>
    <message>
        <source>Joining: the marketplace&apos;s receipt has a wrong time. Check this computer&apos;s clock.</source>
        <translation>Vinculação: o recibo da plataforma tem uma hora errada. Verifique o relógio deste computador.</translation>
    </message>
    <message>
        <source>Joining: the network settings lack an address. Enter it, then try again.</source>
        <translation>Vinculação: falta um endereço nas configurações de rede. Digite-o e tente de novo.</translation>
    </message>
    <message>
        <source>Joining: Workdiary cannot use this kind of proxy. Check the network settings.</source>
        <translation>Vinculação: o Workdiary não pode usar este tipo de proxy. Verifique as configurações de rede.</translation>
    </message>
    <message>
        <source>R&amp;estart</source>
        <translation>&amp;Reiniciar</translation>
    </message>
    <message>
        <source>Joining: the proxy asks for a password. Enter it under Network in the settings.</source>
        <translation>Vinculação: o proxy pede uma senha. Digite-a em “Rede”, nas configurações.</translation>
    </message>
    <message>
        <source>Joining: the proxy did not connect to the marketplace. Workdiary tries again.</source>
        <translation>Vinculação: o proxy não se conectou à plataforma. O Workdiary tenta de novo.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer does not answer. Check its settings.</source>
        <translation>Vinculação: o proxy deste computador não responde. Verifique as configurações dele.</translation>
    </message>
    <message>
        <source>Joining: the proxy of this computer has an unknown name. Check its settings.</source>
        <translation>Vinculação: o proxy deste computador tem um nome desconhecido. Verifique as configurações dele.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) cannot be fetched. Check the network settings.</source>
        <translation>Vinculação: não é possível obter o script de proxy (PAC). Verifique as configurações de rede.</translation>
    </message>
    <message>
        <source>Joining: the proxy script (PAC) does not work. Check the network settings.</source>
        <translation>Vinculação: o script de proxy (PAC) não funciona. Verifique as configurações de rede.</translation>
    </message>
    <message>
        <source>New terms were refused: the log does not prove them. The old ones apply.</source>
        <translation>Novos termos foram recusados: o log não os prova. Valem os antigos.</translation>
    </message>
    <message>
        <source>No keyring was found for the keys. Start one, then try again.</source>
        <translation>Nenhum chaveiro encontrado para as chaves. Inicie um e tente de novo.</translation>
    </message>
    <message>
        <source>No time was added: a part of it is in your diary already.</source>
        <translation>Nenhum tempo foi adicionado: parte dele já está no seu diário.</translation>
    </message>
    <message>
        <source>No time was added: it needs a memo, a reason and at most 12 hours.</source>
        <translation>Nenhum tempo foi adicionado: precisa de descrição, motivo e no máximo 12 horas.</translation>
    </message>
    <message>
        <source>No time was added: it would end later than now.</source>
        <translation>Nenhum tempo foi adicionado: ele terminaria depois de agora.</translation>
    </message>
    <message>
        <source>No time was added: the contract did not allow manual time.</source>
        <translation>Nenhum tempo foi adicionado: o contrato não permitia tempo manual.</translation>
    </message>
    <message>
        <source>Nothing could be saved for an hour. Recording pauses until the disk works again.</source>
        <translation>Nada pôde ser salvo por uma hora. A gravação pausa até o disco voltar a funcionar.</translation>
    </message>
    <message>
        <source>Nothing is left to change or delete here.</source>
        <translation>Não resta nada para alterar ou excluir aqui.</translation>
    </message>
    <message>
        <source>Nothing was covered: at most {limit} areas, each inside the picture.</source>
        <translation>Nada foi coberto: no máximo {limit} áreas, cada uma dentro da captura.</translation>
    </message>
    <message>
        <source>Open this address</source>
        <translation>Abrir este endereço</translation>
    </message>
    <message>
        <source>Other users can read the diary&apos;s folder. Fix its owner, then try again.</source>
        <translation>Outros usuários podem ler a pasta do diário. Corrija o proprietário e tente de novo.</translation>
    </message>
    <message>
        <source>Over the limit of {limit_s}: recording continues, unpaid.</source>
        <translation>Acima do limite de {limit_s}: a gravação continua, sem pagamento.</translation>
    </message>
    <message>
        <source>Picture deleted. {seconds} of paid time removed.</source>
        <translation>Captura excluída. {seconds} de tempo pago removidos.</translation>
    </message>
    <message>
        <source>Receipt rejected: it proves something else. Your work is safe here.</source>
        <translation>Recibo recusado: ele prova outra coisa. Seu trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>Receipt rejected: wrong time. Your work is safe here.</source>
        <translation>Recibo recusado: hora errada. Seu trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>Recording failed and stopped. Your time until then is saved.</source>
        <translation>A gravação falhou e parou. Seu tempo até então está salvo.</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;Mostrar</translation>
    </message>
    <message>
        <source>S&amp;witch</source>
        <translation>&amp;Trocar</translation>
    </message>
    <message>
        <source>Screenshots are allowed.</source>
        <translation>Capturas de tela são permitidas.</translation>
    </message>
    <message>
        <source>Screenshots are blocked. Your time still counts; the record notes it.</source>
        <translation>Capturas de tela estão bloqueadas. Seu tempo conta mesmo assim; o registro anota isso.</translation>
    </message>
    <message>
        <source>Send a&amp;gain</source>
        <translation>&amp;Enviar de novo</translation>
    </message>
    <message>
        <source>Signed out on this computer. Pending work is safe here, for your next sign-in.</source>
        <translation>Você saiu da conta neste computador. O trabalho pendente está seguro aqui até a próxima entrada.</translation>
    </message>
    <message>
        <source>Some of this week&apos;s work is not paid.</source>
        <translation>Parte do trabalho desta semana não é paga.</translation>
    </message>
    <message>
        <source>Some work could not be signed. It is set aside on this computer.</source>
        <translation>Parte do trabalho não pôde ser assinada. Está separada neste computador.</translation>
    </message>
    <message>
        <source>Some work is not on the disk yet. Switch once it is saved.</source>
        <translation>Parte do trabalho ainda não está no disco. Troque quando estiver salvo.</translation>
    </message>
    <message>
        <source>Something did not work ({code}). Your saved work is safe on this computer.</source>
        <translation>Algo não funcionou ({code}). Seu trabalho salvo está seguro neste computador.</translation>
    </message>
    <message>
        <source>Start a&amp;gain</source>
        <translation>Iniciar de &amp;novo</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: the screen was locked. Your time is saved.</source>
        <translation>Parada às {at_ms}: a tela foi bloqueada. Seu tempo está salvo.</translation>
    </message>
    <message>
        <source>Stopped at {at_ms}: this computer went to sleep. Your time is saved.</source>
        <translation>Parada às {at_ms}: este computador foi suspenso. Seu tempo está salvo.</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Keep these {seconds}?</source>
        <translation>Parada: sem atividade desde as {at_ms}. Manter estes {seconds}?</translation>
    </message>
    <message>
        <source>Stopped: no input since {at_ms}. Time until then is saved.</source>
        <translation>Parada: sem atividade desde as {at_ms}. O tempo até então está salvo.</translation>
    </message>
    <message>
        <source>The answer redirects elsewhere and was not followed. Work is safe here.</source>
        <translation>A resposta redireciona para outro lugar e não foi seguida. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The answer was incomplete. Work is safe here and is sent again.</source>
        <translation>A resposta estava incompleta. O trabalho está seguro aqui e é enviado de novo.</translation>
    </message>
    <message>
        <source>The answer was too long and was discarded. Work is safe here.</source>
        <translation>A resposta era longa demais e foi descartada. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The browser cannot reach Workdiary on this computer. Join with a code.</source>
        <translation>O navegador não alcança o Workdiary neste computador. Vincule com um código.</translation>
    </message>
    <message>
        <source>The clocks agree again. Recording can start.</source>
        <translation>Os relógios coincidem de novo. A gravação pode começar.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Get a new one.</source>
        <translation>O código de vinculação é desconhecido, já foi usado ou expirou. Obtenha um novo.</translation>
    </message>
    <message>
        <source>The code to join is unknown, used or expired. Put a new one into its file.</source>
        <translation>O código de vinculação é desconhecido, já foi usado ou expirou. Coloque um novo no arquivo.</translation>
    </message>
    <message>
        <source>The connection broke. Work is safe here and is sent again.</source>
        <translation>A conexão caiu. O trabalho está seguro aqui e é enviado de novo.</translation>
    </message>
    <message>
        <source>The contract has ended. Nothing is recorded.</source>
        <translation>O contrato terminou. Nada é registrado.</translation>
    </message>
    <message>
        <source>The contract is paused. Nothing is recorded.</source>
        <translation>O contrato está em pausa. Nada é registrado.</translation>
    </message>
    <message>
        <source>The contract&apos;s terms begin on {from_s}.</source>
        <translation>Os termos do contrato começam em {from_s}.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Recording continues in memory.</source>
        <translation>Não é possível gravar na pasta do diário. A gravação continua na memória.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder cannot be written to. Work recorded so far is saved.</source>
        <translation>Não é possível gravar na pasta do diário. O trabalho registrado até agora está salvo.</translation>
    </message>
    <message>
        <source>The diary&apos;s folder is not writable. Check its permissions.</source>
        <translation>Não é possível gravar na pasta do diário. Verifique as permissões dela.</translation>
    </message>
    <message>
        <source>The disk accepts no data. Recording continues in memory.</source>
        <translation>O disco não aceita dados. A gravação continua na memória.</translation>
    </message>
    <message>
        <source>The disk is full, so the diary cannot be opened. Free some space.</source>
        <translation>O disco está cheio, então o diário não pode ser aberto. Libere espaço.</translation>
    </message>
    <message>
        <source>The disk is full. Recording continues in memory. Free some space soon.</source>
        <translation>O disco está cheio. A gravação continua na memória. Libere espaço logo.</translation>
    </message>
    <message>
        <source>The disk is full. Work recorded so far is saved.</source>
        <translation>O disco está cheio. O trabalho registrado até agora está salvo.</translation>
    </message>
    <message>
        <source>The disk reported an error, so the diary cannot be opened. Check the disk.</source>
        <translation>O disco informou um erro, então o diário não pode ser aberto. Verifique o disco.</translation>
    </message>
    <message>
        <source>The disk reported an error. Recording continues as if offline. Check the disk.</source>
        <translation>O disco informou um erro. A gravação continua como se estivesse offline. Verifique o disco.</translation>
    </message>
    <message>
        <source>The disk reported an error. Work recorded so far is saved.</source>
        <translation>O disco informou um erro. O trabalho registrado até agora está salvo.</translation>
    </message>
    <message>
        <source>The disk works again. Your work is saved.</source>
        <translation>O disco voltou a funcionar. Seu trabalho está salvo.</translation>
    </message>
    <message>
        <source>The file of your certificate authority cannot be used. Work is safe here.</source>
        <translation>O arquivo da sua autoridade certificadora não pode ser usado. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The index was damaged and rebuilt from the files. Nothing is lost.</source>
        <translation>O índice estava danificado e foi refeito a partir dos arquivos. Nada se perdeu.</translation>
    </message>
    <message>
        <source>The keyring did not return the keys. Nothing was sent.</source>
        <translation>O chaveiro não devolveu as chaves. Nada foi enviado.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Join again with a new --enrol-file.</source>
        <translation>O chaveiro perdeu as chaves deste computador. Vincule de novo com um novo --enrol-file.</translation>
    </message>
    <message>
        <source>The keyring lost this computer&apos;s keys. Sealed work is safe. Join again.</source>
        <translation>O chaveiro perdeu as chaves deste computador. O trabalho selado está seguro. Vincule de novo.</translation>
    </message>
    <message>
        <source>The keyring stayed locked. Nothing was changed.</source>
        <translation>O chaveiro continuou bloqueado. Nada foi alterado.</translation>
    </message>
    <message>
        <source>The log showed two different histories. Both are kept. Recording continues.</source>
        <translation>O log mostrou dois históricos diferentes. Ambos são guardados. A gravação continua.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached.</source>
        <translation>A plataforma está inacessível.</translation>
    </message>
    <message>
        <source>The marketplace cannot be reached. The first start needs a connection.</source>
        <translation>A plataforma está inacessível. O primeiro início precisa de conexão.</translation>
    </message>
    <message>
        <source>The marketplace did not accept the sign-in. This computer has not joined.</source>
        <translation>A plataforma não aceitou a entrada. Este computador não foi vinculado.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Keys are kept.</source>
        <translation>A plataforma não aceitou este computador. As chaves são mantidas.</translation>
    </message>
    <message>
        <source>The marketplace did not accept this computer. Put a new code into its file.</source>
        <translation>A plataforma não aceitou este computador. Coloque um novo código no arquivo.</translation>
    </message>
    <message>
        <source>The marketplace did not answer in time. Work is safe here.</source>
        <translation>A plataforma não respondeu a tempo. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The marketplace does not let this computer join. Ask for the reason, or try again.</source>
        <translation>A plataforma não deixa vincular este computador. Pergunte o motivo ou tente de novo.</translation>
    </message>
    <message>
        <source>The marketplace has no room for more pictures. Work is safe here.</source>
        <translation>A plataforma não tem espaço para mais capturas. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The marketplace is busy. Work is safe here and is sent later.</source>
        <translation>A plataforma está ocupada. O trabalho está seguro aqui e é enviado depois.</translation>
    </message>
    <message>
        <source>The marketplace is having problems. Work is safe here.</source>
        <translation>A plataforma está com problemas. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The marketplace lacks work that your receipts prove. The receipts are kept.</source>
        <translation>Falta à plataforma trabalho que seus recibos provam. Os recibos são mantidos.</translation>
    </message>
    <message>
        <source>The marketplace lists work that is not yours. Yours is kept here and not sent.</source>
        <translation>A plataforma lista trabalho que não é seu. O seu fica aqui e não é enviado.</translation>
    </message>
    <message>
        <source>The marketplace lost work that it had received. It is sent again automatically.</source>
        <translation>A plataforma perdeu trabalho que havia recebido. Ele é enviado de novo automaticamente.</translation>
    </message>
    <message>
        <source>The marketplace no longer accepts this computer. Work is safe here.</source>
        <translation>A plataforma não aceita mais este computador. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The marketplace refused an upload. The record is kept here.</source>
        <translation>A plataforma recusou um envio. O registro é mantido aqui.</translation>
    </message>
    <message>
        <source>The marketplace refused to let this computer join. Ask for the reason, or try again.</source>
        <translation>A plataforma recusou vincular este computador. Pergunte o motivo ou tente de novo.</translation>
    </message>
    <message>
        <source>The marketplace reports a wrong time. It is ignored; your time is not affected.</source>
        <translation>A plataforma informa uma hora errada. Ela é ignorada; seu tempo não é afetado.</translation>
    </message>
    <message>
        <source>The marketplace sent a change without a proof. It was refused.</source>
        <translation>A plataforma enviou uma alteração sem prova. Ela foi recusada.</translation>
    </message>
    <message>
        <source>The marketplace signs with another key. Nothing is sent, work is safe here.</source>
        <translation>A plataforma assina com outra chave. Nada é enviado; o trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s address must begin with https. Nothing was sent.</source>
        <translation>O endereço da plataforma deve começar com https. Nada foi enviado.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s answer cannot be read. Work is safe here.</source>
        <translation>A resposta da plataforma não pode ser lida. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s certificate is not trusted here. Nothing was sent.</source>
        <translation>O certificado da plataforma não é confiável aqui. Nada foi enviado.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s clock is {off_s} off. Start again with this computer&apos;s clock.</source>
        <translation>O relógio da plataforma está {off_s} errado. Inicie de novo com o relógio deste computador.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log could not be checked. Workdiary tries again. Work continues.</source>
        <translation>O log da plataforma não pôde ser verificado. O Workdiary tenta de novo. O trabalho continua.</translation>
    </message>
    <message>
        <source>The memo is too long: at most {limit} characters.</source>
        <translation>A descrição é longa demais: no máximo {limit} caracteres.</translation>
    </message>
    <message>
        <source>The network settings lack an address. Work is safe here.</source>
        <translation>Falta um endereço nas configurações de rede. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy asks for a password. Work is safe here, not sent.</source>
        <translation>O proxy da rede pede uma senha. O trabalho está seguro aqui, sem envio.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy did not connect to the marketplace. Work is safe here.</source>
        <translation>O proxy da rede não se conectou à plataforma. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The new version did not start. The earlier version continues.</source>
        <translation>A nova versão não iniciou. A versão anterior continua em uso.</translation>
    </message>
    <message>
        <source>The note is too long: at most {limit} characters.</source>
        <translation>A nota é longa demais: no máximo {limit} caracteres.</translation>
    </message>
    <message>
        <source>The page may not have opened. If no browser shows it, copy its address into one.</source>
        <translation>A página talvez não tenha aberto. Se nenhum navegador a mostra, copie o endereço dela em um.</translation>
    </message>
    <message>
        <source>The picture and its {seconds} are back.</source>
        <translation>A captura e seus {seconds} estão de volta.</translation>
    </message>
    <message>
        <source>The picture could not be covered, so it was destroyed. Your time counts.</source>
        <translation>A captura não pôde ser coberta, então foi destruída. Seu tempo conta.</translation>
    </message>
    <message>
        <source>The picture is already saved. Delete it in the diary.</source>
        <translation>A captura já está salva. Exclua-a no diário.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) cannot be fetched. Work is safe here, not sent.</source>
        <translation>Não é possível obter o script de proxy (PAC). O trabalho está seguro aqui, sem envio.</translation>
    </message>
    <message>
        <source>The proxy script (PAC) does not work. Work is safe here, not sent.</source>
        <translation>O script de proxy (PAC) não funciona. O trabalho está seguro aqui, sem envio.</translation>
    </message>
    <message>
        <source>The proxy set on this computer does not answer. Work is safe here.</source>
        <translation>O proxy configurado neste computador não responde. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The proxy set on this computer has an unknown name. Work is safe here.</source>
        <translation>O proxy configurado neste computador tem um nome desconhecido. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>The recorder is still saving. You stay signed in. Nothing is lost.</source>
        <translation>A gravação ainda está sendo salva. Você continua na conta. Nada se perde.</translation>
    </message>
    <message>
        <source>The sign-in was cancelled. This computer has not joined.</source>
        <translation>A entrada foi cancelada. Este computador não foi vinculado.</translation>
    </message>
    <message>
        <source>The sign-in was not finished in the browser. This computer has not joined.</source>
        <translation>A entrada não foi concluída no navegador. Este computador não foi vinculado.</translation>
    </message>
    <message>
        <source>The week is locked: memos and time stay as they are.</source>
        <translation>A semana está fechada: descrições e tempo ficam como estão.</translation>
    </message>
    <message>
        <source>This computer has not joined a marketplace yet. Sign in to join.</source>
        <translation>Este computador ainda não está vinculado a nenhuma plataforma. Entre para vinculá-lo.</translation>
    </message>
    <message>
        <source>This computer has not joined the marketplace yet.</source>
        <translation>Este computador ainda não está vinculado à plataforma.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock is {off_s} behind the last known time. Set it, then start.</source>
        <translation>O relógio deste computador está {off_s} atrás da última hora conhecida. Acerte-o e inicie.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock shows an impossible year. Set it, then start.</source>
        <translation>O relógio deste computador mostra um ano impossível. Acerte-o e inicie.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set ahead by {off_s}. Recording has stopped.</source>
        <translation>O relógio deste computador foi adiantado em {off_s}. A gravação parou.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set back by {off_s}. Recording has stopped.</source>
        <translation>O relógio deste computador foi atrasado em {off_s}. A gravação parou.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set. Your time is not affected.</source>
        <translation>O relógio deste computador foi acertado. Seu tempo não é afetado.</translation>
    </message>
    <message>
        <source>This computer&apos;s key expires within 8 weeks. Renew it with a new code.</source>
        <translation>A chave deste computador expira em menos de 8 semanas. Renove-a com um novo código.</translation>
    </message>
    <message>
        <source>This contract is not known on this computer.</source>
        <translation>Este contrato não é conhecido neste computador.</translation>
    </message>
    <message>
        <source>This drive cannot lock files. Keep the diary&apos;s folder on another drive.</source>
        <translation>Esta unidade não bloqueia arquivos. Mantenha a pasta do diário em outra unidade.</translation>
    </message>
    <message>
        <source>This folder is a backup or copy. Work continues after the last upload. Nothing is lost.</source>
        <translation>Esta pasta é um backup ou uma cópia. O trabalho continua após o último envio. Nada se perde.</translation>
    </message>
    <message>
        <source>This marketplace has no sign-in in the browser. Join with a one-time code.</source>
        <translation>Esta plataforma não tem entrada pelo navegador. Vincule com um código de uso único.</translation>
    </message>
    <message>
        <source>This network requires a sign-in first. Work is safe here.</source>
        <translation>Esta rede exige entrar primeiro. O trabalho está seguro aqui.</translation>
    </message>
    <message>
        <source>This segment number is already used by a different record. Nothing was overwritten.</source>
        <translation>Este número de segmento já é usado por outro registro. Nada foi sobrescrito.</translation>
    </message>
    <message>
        <source>This week&apos;s limit of {limit_s} is reached. Recording stopped; your time is saved.</source>
        <translation>O limite semanal de {limit_s} foi atingido. A gravação parou; seu tempo está salvo.</translation>
    </message>
    <message>
        <source>To join, sign in to this network first. Workdiary then tries again by itself.</source>
        <translation>Para vincular, entre primeiro nesta rede. Depois o Workdiary tenta de novo sozinho.</translation>
    </message>
    <message>
        <source>To join, the marketplace must be reached. Workdiary tries again by itself.</source>
        <translation>Para vincular, a plataforma precisa estar acessível. O Workdiary tenta de novo sozinho.</translation>
    </message>
    <message>
        <source>To join, the marketplace&apos;s address must begin with https.</source>
        <translation>Para vincular, o endereço da plataforma deve começar com https.</translation>
    </message>
    <message>
        <source>Too late to undo: the picture and its time are deleted.</source>
        <translation>Tarde demais para desfazer: a captura e seu tempo foram excluídos.</translation>
    </message>
    <message>
        <source>Too many pictures are waiting for upload. Start again once they are uploaded.</source>
        <translation>Capturas demais esperam o envio. Inicie de novo quando forem enviadas.</translation>
    </message>
    <message>
        <source>Updates were refused: their signatures or dates are not valid. Nothing was changed.</source>
        <translation>Atualizações recusadas: assinaturas ou datas inválidas. Nada foi alterado.</translation>
    </message>
    <message>
        <source>Workdiary cannot use this kind of proxy. Work is safe here, not sent.</source>
        <translation>O Workdiary não pode usar este tipo de proxy. O trabalho está seguro aqui, sem envio.</translation>
    </message>
    <message>
        <source>Workdiary could not open the page. Copy its address into a browser.</source>
        <translation>O Workdiary não conseguiu abrir a página. Copie o endereço dela em um navegador.</translation>
    </message>
    <message>
        <source>Workdiary failed to start. Your saved work is safe.</source>
        <translation>O Workdiary não conseguiu iniciar. Seu trabalho salvo está seguro.</translation>
    </message>
    <message>
        <source>Workdiary is already running with this folder. Nothing was changed.</source>
        <translation>O Workdiary já está em execução com esta pasta. Nada mudou.</translation>
    </message>
    <message>
        <source>Write what you are working on first.</source>
        <translation>Escreva primeiro no que está trabalhando.</translation>
    </message>
    <message>
        <source>You are signed out. Your other marketplace is open now.</source>
        <translation>Você saiu da conta. Sua outra plataforma está aberta agora.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} ahead of the marketplace. Recording is stopped.</source>
        <translation>Seu relógio está {off_s} à frente da plataforma. A gravação está parada.</translation>
    </message>
    <message>
        <source>Your clock is {off_s} behind the marketplace. Recording is stopped.</source>
        <translation>Seu relógio está {off_s} atrás da plataforma. A gravação está parada.</translation>
    </message>
    <message>
        <source>Your desktop asks whether Workdiary may take screenshots.</source>
        <translation>Seu ambiente gráfico pergunta se o Workdiary pode fazer capturas de tela.</translation>
    </message>
    <message>
        <source>Your desktop did not answer the request for screenshots. Your time still counts.</source>
        <translation>Seu ambiente gráfico não respondeu ao pedido de capturas de tela. Seu tempo conta mesmo assim.</translation>
    </message>
    <message>
        <source>Your diary has entries up to {ahead_s} ahead of now. New time is added after them.</source>
        <translation>Seu diário tem entradas até {ahead_s} à frente de agora. O tempo novo é acrescentado depois delas.</translation>
    </message>
    <message>
        <source>{percent} % of this week&apos;s limit is used: {used_s} of {limit_s}.</source>
        <translation>{percent}&#xa0;% do limite semanal foram usados: {used_s} de {limit_s}.</translation>
    </message>
    <message>
        <source>{seconds} from before the interruption are in the diary.</source>
        <translation>{seconds} de antes da interrupção estão no diário.</translation>
    </message>
    <message>
        <source>{seconds} of this week&apos;s work are unpaid. See why.</source>
        <translation>{seconds} do trabalho desta semana não são pagos. Veja por quê.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a key that is lost. They are set aside and not paid.</source>
        <translation>{seconds} foram registrados com uma chave perdida. Estão separados e não são pagos.</translation>
    </message>
    <message>
        <source>{seconds} were recorded with a wrong clock. They are set aside, not paid.</source>
        <translation>{seconds} foram registrados com um relógio errado. Estão separados, sem pagamento.</translation>
    </message>
    <message>
        <source>{seconds} without input are kept, with your note.</source>
        <translation>{seconds} sem atividade são mantidos, com sua nota.</translation>
    </message>
</context>
<context>
    <name>Notification</name>
    <message numerus="yes">
        <source>%n entries are waiting. They are safe on this computer.</source>
        <translation>
            <numerusform>%n parte do trabalho aguarda. Está guardada neste computador.</numerusform>
            <numerusform>%n partes do trabalho aguardam. Estão guardadas neste computador.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new questions</source>
        <translation>
            <numerusform>%n pergunta nova</numerusform>
            <numerusform>%n perguntas novas</numerusform>
        </translation>
    </message>
    <message>
        <source>A client has a question</source>
        <translation>Um cliente tem uma pergunta</translation>
    </message>
    <message>
        <source>Clock problem solved</source>
        <translation>Problema do relógio resolvido</translation>
    </message>
    <message>
        <source>Disk problem</source>
        <translation>Problema no disco</translation>
    </message>
    <message>
        <source>Disk problem solved</source>
        <translation>Problema no disco resolvido</translation>
    </message>
    <message>
        <source>New device</source>
        <translation>Novo dispositivo</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Offline</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Recording for {span} without a break.</source>
        <translation>Gravando há {span} sem pausa.</translation>
    </message>
    <message>
        <source>Recording paused</source>
        <translation>Gravação pausada</translation>
    </message>
    <message>
        <source>Recording started</source>
        <translation>Gravação iniciada</translation>
    </message>
    <message>
        <source>Recording stopped</source>
        <translation>Gravação parada</translation>
    </message>
    <message>
        <source>Recording stopped: clock problem</source>
        <translation>Gravação parada: problema no relógio</translation>
    </message>
    <message>
        <source>Recording stopped: contract ended</source>
        <translation>Gravação parada: contrato terminado</translation>
    </message>
    <message>
        <source>Recording stopped: contract paused</source>
        <translation>Gravação parada: contrato em pausa</translation>
    </message>
    <message>
        <source>Recording stopped: disk problem</source>
        <translation>Gravação parada: problema no disco</translation>
    </message>
    <message>
        <source>Recording stopped: error</source>
        <translation>Gravação parada: erro</translation>
    </message>
    <message>
        <source>Recording stopped: no input</source>
        <translation>Gravação parada: sem atividade</translation>
    </message>
    <message>
        <source>Recording stopped: screen locked</source>
        <translation>Gravação parada: tela bloqueada</translation>
    </message>
    <message>
        <source>Recording stopped: this computer went to sleep</source>
        <translation>Gravação parada: computador suspenso</translation>
    </message>
    <message>
        <source>Recording stopped: too many pictures are waiting</source>
        <translation>Gravação parada: capturas demais à espera do envio</translation>
    </message>
    <message>
        <source>Recording stopped: weekly limit reached</source>
        <translation>Gravação parada: limite semanal atingido</translation>
    </message>
    <message>
        <source>Some work is not paid</source>
        <translation>Parte do trabalho não é paga</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Iniciar</translation>
    </message>
    <message>
        <source>Start recording?</source>
        <translation>Iniciar a gravação?</translation>
    </message>
    <message>
        <source>Still recording</source>
        <translation>A gravação continua</translation>
    </message>
    <message>
        <source>The marketplace has not answered for {span}. Your work is stored on this computer.</source>
        <translation>A plataforma não responde há {span}. Seu trabalho está guardado neste computador.</translation>
    </message>
    <message>
        <source>The marketplace&apos;s log has changed</source>
        <translation>O log da plataforma mudou</translation>
    </message>
    <message>
        <source>Update ready</source>
        <translation>Atualização pronta</translation>
    </message>
    <message>
        <source>Uploading takes long</source>
        <translation>O envio está demorando</translation>
    </message>
    <message>
        <source>Weekly limit almost reached</source>
        <translation>Limite semanal quase atingido</translation>
    </message>
    <message>
        <source>Weekly limit reached</source>
        <translation>Limite semanal atingido</translation>
    </message>
    <message>
        <source>You chose this time to be reminded. Contract: {contract}</source>
        <translation>Você escolheu este horário para ser lembrado. Contrato: {contract}</translation>
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
        <translation>Co&amp;brir …</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Excluir</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Manter</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Desfazer</translation>
    </message>
    <message>
        <source>Deleted, with its time.</source>
        <translation>Excluída, com seu tempo.</translation>
    </message>
    <message>
        <source>Deleting removes {span} of paid time</source>
        <translation>Excluir remove {span} de tempo pago</translation>
    </message>
    <message>
        <source>Deleting {cost}</source>
        <translation>Excluir {cost}</translation>
    </message>
    <message>
        <source>Hidden: do not disturb</source>
        <translation>Oculta: não perturbe</translation>
    </message>
    <message>
        <source>Hidden: full screen</source>
        <translation>Oculta: tela cheia</translation>
    </message>
    <message>
        <source>Hidden: screen is shared</source>
        <translation>Oculta: tela compartilhada</translation>
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
        <translation>Ainda sem captura. Durante uma pausa não há capturas.</translation>
    </message>
    <message>
        <source>No picture yet. Press Start to begin.</source>
        <translation>Ainda sem captura. Pressione Iniciar para começar.</translation>
    </message>
    <message>
        <source>No picture: a hidden area could not be covered.</source>
        <translation>Sem captura: uma área oculta não pôde ser coberta.</translation>
    </message>
    <message>
        <source>No picture: not possible on this desktop.</source>
        <translation>Sem captura: não é possível neste ambiente gráfico.</translation>
    </message>
    <message>
        <source>No picture: screenshots are blocked.</source>
        <translation>Sem captura: capturas de tela estão bloqueadas.</translation>
    </message>
    <message>
        <source>No picture: the screen was locked.</source>
        <translation>Sem captura: a tela estava bloqueada.</translation>
    </message>
    <message>
        <source>No picture: the screenshot failed. Your time still counts.</source>
        <translation>Sem captura: a captura falhou. Seu tempo conta mesmo assim.</translation>
    </message>
    <message>
        <source>Not uploaded while you look</source>
        <translation>Não é enviada enquanto você olha</translation>
    </message>
    <message>
        <source>Picture taken {time}</source>
        <translation>Captura {time}</translation>
    </message>
    <message>
        <source>Picture {time} deleted</source>
        <translation>Captura {time} excluída</translation>
    </message>
    <message numerus="yes">
        <source>Picture {time}, upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Captura {time}, envio em %n&#xa0;s</numerusform>
            <numerusform>Captura {time}, envio em %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Picture {time}, upload paused</source>
        <translation>Captura {time}, envio em pausa</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Envio em %n&#xa0;s</numerusform>
            <numerusform>Envio em %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Preview hidden</source>
        <translation>Prévia oculta</translation>
    </message>
    <message>
        <source>The next picture is taken at a random moment.</source>
        <translation>A próxima captura é feita em um momento aleatório.</translation>
    </message>
    <message>
        <source>This contract asks for no pictures.</source>
        <translation>Este contrato não pede capturas.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <comment>on a narrow line</comment>
        <translation>
            <numerusform>Envio em %n&#xa0;s</numerusform>
            <numerusform>Envio em %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>You can undo this for %n&#xa0;s</source>
        <translation>
            <numerusform>Você pode desfazer por %n&#xa0;s</numerusform>
            <numerusform>Você pode desfazer por %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>removes {span} of paid time</source>
        <translation>remove {span} de tempo pago</translation>
    </message>
    <message>
        <source>{span} of paid time removed</source>
        <translation>{span} de tempo pago removidos</translation>
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
            <numerusform>%n pergunta de clientes aguarda uma resposta.</numerusform>
            <numerusform>%n perguntas de clientes aguardam uma resposta.</numerusform>
        </translation>
    </message>
    <message>
        <source>(deleted)</source>
        <translation>(excluído)</translation>
    </message>
    <message>
        <source>Answer sent. The client can read it.</source>
        <translation>Resposta enviada. O cliente pode lê-la.</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Comentário</translation>
    </message>
    <message>
        <source>Dispute of {client}</source>
        <translation>Disputa de {client}</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>sex</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>seg</translation>
    </message>
    <message>
        <source>Next question</source>
        <translation>Próxima pergunta</translation>
    </message>
    <message>
        <source>Previous question</source>
        <translation>Pergunta anterior</translation>
    </message>
    <message>
        <source>Question from {client}</source>
        <translation>Pergunta de {client}</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>sáb</translation>
    </message>
    <message>
        <source>Send a&amp;nswer</source>
        <translation>Enviar respos&amp;ta</translation>
    </message>
    <message>
        <source>Sending your answer …</source>
        <translation>Enviando sua resposta …</translation>
    </message>
    <message>
        <source>Settled by the client</source>
        <translation>Resolvida pelo cliente</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>dom</translation>
    </message>
    <message>
        <source>The marketplace did not accept your answer. Send it again.</source>
        <translation>A plataforma não aceitou sua resposta. Envie-a de novo.</translation>
    </message>
    <message>
        <source>The page in the browser shows all replies.</source>
        <translation>A página no navegador mostra todas as respostas.</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>qui</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>ter</translation>
    </message>
    <message>
        <source>Waits for your answer</source>
        <translation>Aguarda sua resposta</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>qua</translation>
    </message>
    <message>
        <source>You, {when}</source>
        <translation>Você, {when}</translation>
    </message>
    <message>
        <source>{name}, {when}</source>
        <translation>{name}, {when}</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>Sua resposta</translation>
    </message>
    <message>
        <source>Your answer is saved. It will be sent when online.</source>
        <translation>Sua resposta está salva. Ela será enviada quando houver conexão.</translation>
    </message>
    <message>
        <source>{client} asks about {times}</source>
        <translation>{client} pergunta sobre {times}</translation>
    </message>
    <message>
        <source>{client} disputes {times}</source>
        <translation>{client} contesta {times}</translation>
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
            <numerusform>%n aguardando, seguro neste computador, enviado no próximo início.</numerusform>
            <numerusform>%n aguardando, seguros neste computador, enviados no próximo início.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Keep recording</source>
        <translation>&amp;Continuar gravando</translation>
    </message>
    <message>
        <source>&amp;Quit, lose unsaved work</source>
        <translation>Sair e &amp;perder o não salvo</translation>
    </message>
    <message>
        <source>&amp;Stop and quit</source>
        <translation>&amp;Parar e sair</translation>
    </message>
    <message>
        <source>Quit now?</source>
        <translation>Sair agora?</translation>
    </message>
    <message>
        <source>Stop recording and quit?</source>
        <translation>Parar a gravação e sair?</translation>
    </message>
    <message>
        <source>The disk does not accept your latest work. Workdiary saves it as soon as the disk works again. If you quit before that, it is lost.</source>
        <translation>O disco não aceita seu trabalho mais recente. O Workdiary o salva assim que o disco voltar a funcionar. Se você sair antes, ele se perde.</translation>
    </message>
    <message>
        <source>Your time up to now is saved on this computer.</source>
        <translation>Seu tempo até agora está salvo neste computador.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message numerus="yes">
        <source>%n&#xa0;s left to undo</source>
        <translation>
            <numerusform>%n&#xa0;s para desfazer</numerusform>
            <numerusform>%n&#xa0;s para desfazer</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Delete ({cost})</source>
        <translation>&amp;Excluir ({cost})</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>&amp;Ajustar</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Manter</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Keep with %n areas covered</source>
        <translation>
            <numerusform>&amp;Manter com %n área coberta</numerusform>
            <numerusform>&amp;Manter com %n áreas cobertas</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Keep with 1 area covered</source>
        <translation>&amp;Manter com 1 área coberta</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>&amp;Desfazer a exclusão</translation>
    </message>
    <message numerus="yes">
        <source>Can be undone for %n&#xa0;s</source>
        <translation>
            <numerusform>Pode ser desfeito por %n&#xa0;s</numerusform>
            <numerusform>Pode ser desfeito por %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Cl&amp;ose</source>
        <translation>&amp;Fechar</translation>
    </message>
    <message numerus="yes">
        <source>Cove&amp;r %n areas</source>
        <translation>
            <numerusform>Co&amp;brir %n área</numerusform>
            <numerusform>Co&amp;brir %n áreas</numerusform>
        </translation>
    </message>
    <message>
        <source>Cove&amp;r 1 area</source>
        <translation>Co&amp;brir 1 área</translation>
    </message>
    <message>
        <source>Cover an &amp;area</source>
        <translation>Cobrir uma á&amp;rea</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>Coberta</translation>
    </message>
    <message>
        <source>Deleted, with its time</source>
        <translation>Excluída, com seu tempo</translation>
    </message>
    <message>
        <source>Deleted. {span} of paid time removed.</source>
        <translation>Excluída. {span} de tempo pago removidos.</translation>
    </message>
    <message>
        <source>Held while this window is open</source>
        <translation>Retida enquanto esta janela está aberta</translation>
    </message>
    <message>
        <source>Keep &amp;without covers</source>
        <translation>Manter &amp;sem cobrir</translation>
    </message>
    <message>
        <source>Kept, not uploaded yet</source>
        <translation>Mantida, ainda não enviada</translation>
    </message>
    <message>
        <source>Loading the picture …</source>
        <translation>Carregando a captura …</translation>
    </message>
    <message>
        <source>Or drag over the picture. The arrow keys move the area.</source>
        <translation>Ou arraste sobre a captura. As setas movem a área.</translation>
    </message>
    <message>
        <source>Original size</source>
        <translation>Tamanho original</translation>
    </message>
    <message>
        <source>Picture {time}</source>
        <translation>Captura {time}</translation>
    </message>
    <message>
        <source>Picture {time} at full size</source>
        <translation>Captura {time} em tamanho real</translation>
    </message>
    <message>
        <source>Remove cover {number}, {width} × {height} pixels</source>
        <translation>Remover a cobertura {number}, {width} × {height} pixels</translation>
    </message>
    <message>
        <source>Remove la&amp;st cover</source>
        <translation>Remover a ú&amp;ltima cobertura</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Salva</translation>
    </message>
    <message>
        <source>Stays on this computer</source>
        <translation>Fica neste computador</translation>
    </message>
    <message>
        <source>The areas are being covered</source>
        <translation>As áreas estão sendo cobertas</translation>
    </message>
    <message>
        <source>The picture is no longer on this computer.</source>
        <translation>A captura não está mais neste computador.</translation>
    </message>
    <message numerus="yes">
        <source>Upload in %n&#xa0;s</source>
        <translation>
            <numerusform>Envio em %n&#xa0;s</numerusform>
            <numerusform>Envio em %n&#xa0;s</numerusform>
        </translation>
    </message>
    <message>
        <source>Uploaded when the current ten minutes have ended</source>
        <translation>Enviada ao fim dos dez minutos atuais</translation>
    </message>
    <message>
        <source>You can delete it in the diary</source>
        <translation>Você pode excluí-la no diário</translation>
    </message>
    <message>
        <source>Your time stays; the client sees the covers.</source>
        <translation>Seu tempo fica; o cliente vê as áreas cobertas.</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Ampliar</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Reduzir</translation>
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
        <translation>Uma área da tela em pixels: esquerda, topo, largura e altura</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Adicionar</translation>
    </message>
    <message>
        <source>Add application</source>
        <translation>Adicionar aplicativo</translation>
    </message>
    <message>
        <source>Add area</source>
        <translation>Adicionar área</translation>
    </message>
    <message>
        <source>Add one that is open now</source>
        <translation>Adicionar um aberto agora</translation>
    </message>
    <message>
        <source>Add reminder</source>
        <translation>Adicionar lembrete</translation>
    </message>
    <message numerus="yes">
        <source>After %n&#xa0;hours of recording</source>
        <translation>
            <numerusform>Após %n&#xa0;hora de gravação</numerusform>
            <numerusform>Após %n&#xa0;horas de gravação</numerusform>
        </translation>
    </message>
    <message>
        <source>All monitors</source>
        <translation>Todos os monitores</translation>
    </message>
    <message>
        <source>Ca&amp;pture</source>
        <translation>&amp;Capturar</translation>
    </message>
    <message>
        <source>&amp;Check …</source>
        <translation>&amp;Verificar …</translation>
    </message>
    <message>
        <source>&amp;Blur pictures</source>
        <translation>&amp;Desfocar as capturas</translation>
    </message>
    <message>
        <source>&amp;Start Workdiary when you log in</source>
        <translation>&amp;Iniciar o Workdiary ao entrar na sessão</translation>
    </message>
    <message>
        <source>&amp;What is recorded</source>
        <translation>&amp;O que é registrado</translation>
    </message>
    <message>
        <source>Add application to show</source>
        <translation>Adicionar aplicativo que aparece</translation>
    </message>
    <message>
        <source>All but the hidden ones</source>
        <translation>Todas, menos as ocultas</translation>
    </message>
    <message>
        <source>Applications that pictures &amp;show</source>
        <translation>Aplicativos &amp;que as capturas mostram</translation>
    </message>
    <message>
        <source>Applications that pictures show</source>
        <translation>Aplicativos que as capturas mostram</translation>
    </message>
    <message>
        <source>Changes apply at once.</source>
        <translation>As alterações valem na hora.</translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation>Verificar este computador</translation>
    </message>
    <message>
        <source>Count &amp;key presses, clicks and scrolls</source>
        <translation>Contar &amp;teclas, cliques e rolagens</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Escuro</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Detalhes</translation>
    </message>
    <message>
        <source>Hidden &amp;applications</source>
        <translation>A&amp;plicativos ocultos</translation>
    </message>
    <message>
        <source>Hidden applications</source>
        <translation>Aplicativos ocultos</translation>
    </message>
    <message>
        <source>Hidden screen a&amp;reas</source>
        <translation>Á&amp;reas da tela ocultas</translation>
    </message>
    <message>
        <source>Hidden screen areas</source>
        <translation>Áreas da tela ocultas</translation>
    </message>
    <message>
        <source>It stays hidden during do not disturb, while another program fills the screen, and while the screen is shared, if the desktop reports that. Otherwise choose Hide previews in the tray&apos;s menu before you share your screen.</source>
        <translation>Fica oculta com “Não perturbe”, enquanto outro programa ocupa a tela inteira e enquanto a tela é compartilhada, se o ambiente informar isso. Caso contrário, escolha “Ocultar prévias” no menu da bandeja antes de compartilhar a tela.</translation>
    </message>
    <message>
        <source>It opens its window then and records nothing before Start.</source>
        <translation>Abre então sua janela e não registra nada antes de Iniciar.</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Idioma</translation>
    </message>
    <message>
        <source>&amp;Report …</source>
        <translation>&amp;Relatório …</translation>
    </message>
    <message>
        <source>&amp;Shortcut for Start and Stop</source>
        <translation>Ata&amp;lho para iniciar e parar</translation>
    </message>
    <message>
        <source>&amp;Time to check each picture</source>
        <translation>Tempo para conferir cada captur&amp;a</translation>
    </message>
    <message>
        <source>&amp;Updates of Workdiary</source>
        <translation>At&amp;ualizações do Workdiary</translation>
    </message>
    <message>
        <source>A change applies when Workdiary starts again.</source>
        <translation>A alteração vale quando o Workdiary for iniciado de novo.</translation>
    </message>
    <message>
        <source>All contracts</source>
        <translation>Todos os contratos</translation>
    </message>
    <message>
        <source>All contracts: only {names}. An application in this contract&apos;s list must be in that list too.</source>
        <translation>Todos os contratos: só {names}. Um aplicativo da lista deste contrato também precisa estar nessa lista.</translation>
    </message>
    <message>
        <source>All contracts: {names}</source>
        <translation>Todos os contratos: {names}</translation>
    </message>
    <message>
        <source>Another program uses these keys. Choose others.</source>
        <translation>Outro programa usa essas teclas. Escolha outras.</translation>
    </message>
    <message>
        <source>Appearance and language</source>
        <translation>Aparência e idioma</translation>
    </message>
    <message>
        <source>As for all contracts</source>
        <translation>Como em todos os contratos</translation>
    </message>
    <message>
        <source>As in the contract</source>
        <translation>Como no contrato</translation>
    </message>
    <message>
        <source>It is uploaded after that, unless you delete it. A contract may give more time.</source>
        <translation>Depois ela é enviada, a menos que você a exclua. Um contrato pode dar mais tempo.</translation>
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
        <translation>Linhas e textos secundários recebem a cor do texto.</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Bloqueado</translation>
    </message>
    <message>
        <source>Locked by the administrator of this computer.</source>
        <translation>Bloqueado pela administração deste computador.</translation>
    </message>
    <message>
        <source>Locked by your organisation, {name}.</source>
        <translation>Bloqueado pela sua organização, {name}.</translation>
    </message>
    <message>
        <source>Medium</source>
        <comment>strength of the blur</comment>
        <translation>Médio</translation>
    </message>
    <message>
        <source>More co&amp;ntrast</source>
        <translation>Mais co&amp;ntraste</translation>
    </message>
    <message>
        <source>Name of an application</source>
        <translation>Nome de um aplicativo</translation>
    </message>
    <message>
        <source>Name of an application to show</source>
        <translation>Nome de um aplicativo que aparece</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nunca</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no shortcut</comment>
        <translation>Nenhum</translation>
    </message>
    <message>
        <source>None</source>
        <comment>no updates</comment>
        <translation>Nenhuma</translation>
    </message>
    <message>
        <source>Not blurred</source>
        <translation>Sem desfoque</translation>
    </message>
    <message>
        <source>Not saved: {problem}. Applies until you quit.</source>
        <translation>Não foi salvo: {problem}. Vale até você sair.</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Desligado</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Ligado</translation>
    </message>
    <message>
        <source>On Wayland, pictures always show all monitors.</source>
        <translation>No Wayland, as capturas sempre mostram todos os monitores.</translation>
    </message>
    <message>
        <source>Only those listed</source>
        <translation>Só as da lista</translation>
    </message>
    <message>
        <source>Previews too</source>
        <translation>Também versões prévias</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privacidade</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Gravação</translation>
    </message>
    <message>
        <source>Remind me to &amp;start at</source>
        <translation>Lembrar-me de &amp;iniciar às</translation>
    </message>
    <message>
        <source>Remind me to take a &amp;break</source>
        <translation>Lembrar-me de fazer uma pa&amp;usa</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>Lembretes</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Remover</translation>
    </message>
    <message>
        <source>Remove application</source>
        <translation>Remover aplicativo</translation>
    </message>
    <message>
        <source>Remove application to show</source>
        <translation>Remover aplicativo que aparece</translation>
    </message>
    <message>
        <source>Remove area</source>
        <translation>Remover área</translation>
    </message>
    <message>
        <source>Remove reminder</source>
        <translation>Remover lembrete</translation>
    </message>
    <message>
        <source>Removes small details, so that text is hard to read. Cover what must stay secret. The client sees that pictures are blurred.</source>
        <translation>Remove os detalhes pequenos, de modo que o texto fica difícil de ler. Cubra o que precisa continuar secreto. O cliente vê que as capturas estão desfocadas.</translation>
    </message>
    <message>
        <source>Rules &amp;for</source>
        <translation>Re&amp;gras para</translation>
    </message>
    <message>
        <source>Rules for one contract add to those for all contracts: what either covers is covered.</source>
        <translation>As regras de um contrato somam-se às de todos os contratos: é coberto o que qualquer uma delas cobrir.</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>Igual ao sistema</translation>
    </message>
    <message>
        <source>Save a report for support</source>
        <translation>Salvar um relatório para o suporte</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Salvo.</translation>
    </message>
    <message>
        <source>Saved. Applies at the next Start.</source>
        <translation>Salvo. Vale a partir do próximo início.</translation>
    </message>
    <message>
        <source>Saved. Applies at your next login.</source>
        <translation>Salvo. Vale a partir do próximo início de sessão.</translation>
    </message>
    <message>
        <source>Saved. Applies from the next picture.</source>
        <translation>Salvo. Vale a partir da próxima captura.</translation>
    </message>
    <message>
        <source>Saved. Applies when Workdiary starts again.</source>
        <translation>Salvo. Vale quando o Workdiary for iniciado de novo.</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Seções</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Configurações</translation>
    </message>
    <message>
        <source>Show a pre&amp;view when a picture is taken</source>
        <translation>&amp;Mostrar uma prévia quando uma captura é feita</translation>
    </message>
    <message>
        <source>Show one that is open now</source>
        <translation>Mostrar um aberto agora</translation>
    </message>
    <message>
        <source>Stable versions</source>
        <translation>Versões estáveis</translation>
    </message>
    <message>
        <source>Start or stop recording</source>
        <translation>Iniciar ou parar a gravação</translation>
    </message>
    <message>
        <source>Strong</source>
        <comment>strength of the blur</comment>
        <translation>Forte</translation>
    </message>
    <message>
        <source>Start Workdiary when you log in.</source>
        <translation>Iniciar o Workdiary ao entrar na sessão.</translation>
    </message>
    <message>
        <source>Not changed: {problem}.</source>
        <translation>Não foi alterado: {problem}.</translation>
    </message>
    <message>
        <source>Tests pictures, input counts, the keyring, the tray and the connection.</source>
        <translation>Testa as capturas, as contagens, o chaveiro, a bandeja e a conexão.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. Ask an administrator of this computer to correct it.</source>
        <translation>A política em {place} tem erros. Peça à administração deste computador que a corrija.</translation>
    </message>
    <message>
        <source>The policy in {place} has errors. No pictures are taken until an administrator of this computer corrects it.</source>
        <translation>A política em {place} tem erros. Nenhuma captura é feita até que a administração deste computador a corrija.</translation>
    </message>
    <message>
        <source>The policy in {place} sets “{row}”. Only an administrator of this computer can change it.</source>
        <translation>A política em {place} define “{row}”. Só a administração deste computador pode alterar isso.</translation>
    </message>
    <message>
        <source>This desktop has no start at login.</source>
        <translation>Esta área de trabalho não oferece início automático.</translation>
    </message>
    <message>
        <source>Start at login is unknown: {problem}.</source>
        <translation>Início automático desconhecido: {problem}.</translation>
    </message>
    <message>
        <source>The administrator of this computer requires at least {span}.</source>
        <translation>A administração deste computador exige pelo menos {span}.</translation>
    </message>
    <message>
        <source>The checks, the settings and the log, without personal data. You see all of it before it is saved.</source>
        <translation>As verificações, as configurações e o registro, sem dados pessoais. Você vê tudo antes de salvar.</translation>
    </message>
    <message>
        <source>The desktop did not allow the shortcut.</source>
        <translation>O ambiente gráfico não permitiu o atalho.</translation>
    </message>
    <message>
        <source>The desktop does not let Workdiary start at login.</source>
        <translation>A área de trabalho não permite o início automático.</translation>
    </message>
    <message>
        <source>The desktop has set: {keys}</source>
        <translation>O ambiente gráfico definiu: {keys}</translation>
    </message>
    <message>
        <source>The lists below could not be read. No pictures are taken until you confirm them.</source>
        <translation>As listas abaixo não puderam ser lidas. Nenhuma captura é feita até você confirmá-las.</translation>
    </message>
    <message>
        <source>The monitor with the pointer</source>
        <translation>O monitor com o ponteiro</translation>
    </message>
    <message>
        <source>The shortcut does not work on this desktop.</source>
        <translation>O atalho não funciona neste ambiente gráfico.</translation>
    </message>
    <message>
        <source>Their windows are covered before a picture is saved, and the record notes it. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>As janelas deles são cobertas antes de salvar uma captura, e o registro anota isso. Se o ambiente gráfico não informa onde estão as janelas, como no Wayland, nenhuma captura é feita.</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Este computador</translation>
    </message>
    <message>
        <source>This desktop does not offer shortcuts to programs.</source>
        <translation>Este ambiente gráfico não dá atalhos aos programas.</translation>
    </message>
    <message>
        <source>This keyboard lacks that key. Choose another one.</source>
        <translation>Este teclado não tem essa tecla. Escolha outra.</translation>
    </message>
    <message>
        <source>Time of day</source>
        <translation>Hora do dia</translation>
    </message>
    <message>
        <source>Times of the reminders to start</source>
        <translation>Horários dos lembretes de início</translation>
    </message>
    <message>
        <source>Use Ctrl, Alt or Meta with a letter A to Z, a digit, an arrow or F1 to F24. Ctrl+Alt+F1 to F24 belong to the system.</source>
        <translation>Use Ctrl, Alt ou Meta com uma letra de A a Z, um algarismo, uma seta ou F1 a F24. Ctrl+Alt+F1 a F24 pertencem ao sistema.</translation>
    </message>
    <message>
        <source>Use the lists as shown</source>
        <translation>Usar as listas mostradas</translation>
    </message>
    <message>
        <source>W&amp;indows in pictures</source>
        <translation>&amp;Janelas nas capturas</translation>
    </message>
    <message>
        <source>When off, only the seconds with input are recorded, if the system reports them. Takes effect at the next Start.</source>
        <translation>Desligado, só os segundos com atividade são registrados, se o sistema os informa. Vale a partir do próximo início.</translation>
    </message>
    <message>
        <source>With “Only those listed” everything else is covered, also the desktop and a listed window that moves at that moment. The client sees that only chosen applications are shown, not which. If the desktop does not report where windows are, as on Wayland, no pictures are taken.</source>
        <translation>Com “Só as da lista”, todo o resto é coberto, também a área de trabalho e uma janela da lista que se mova nesse momento. O cliente vê que só aparecem aplicativos escolhidos, não quais. Se o ambiente gráfico não informa onde estão as janelas, como no Wayland, nenhuma captura é feita.</translation>
    </message>
    <message>
        <source>Works in every program. Press the keys here; Delete removes the shortcut.</source>
        <translation>Funciona em qualquer programa. Pressione as teclas aqui; Delete remove o atalho.</translation>
    </message>
    <message>
        <source>Works only on desktops with X11 or Wayland.</source>
        <translation>Só funciona em ambientes com X11 ou Wayland.</translation>
    </message>
    <message>
        <source>e.g. 09:00</source>
        <translation>p.&#xa0;ex. 09:00</translation>
    </message>
    <message>
        <source>e.g. 1920,0 640x480</source>
        <translation>p.&#xa0;ex. 1920,0 640x480</translation>
    </message>
</context>
<context>
    <name>SignOut</name>
    <message numerus="yes">
        <source>%n waiting: work that cannot be uploaded now stays safe on this computer and is uploaded after your next sign-in.</source>
        <translation>
            <numerusform>%n aguardando: o que não puder ser enviado agora fica seguro neste computador e é enviado depois da sua próxima entrada.</numerusform>
            <numerusform>%n aguardando: o que não puder ser enviado agora fica seguro neste computador e é enviado depois da sua próxima entrada.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Sign out</source>
        <translation>&amp;Sair da conta</translation>
    </message>
    <message>
        <source>Current work is saved, pending work is uploaded, and this computer&apos;s keys are destroyed. To record here again, sign in with a new code.</source>
        <translation>O trabalho atual é salvo, o trabalho pendente é enviado e as chaves deste computador são destruídas. Para gravar aqui de novo, entre com um novo código.</translation>
    </message>
    <message>
        <source>Sign out of {marketplace} on this computer?</source>
        <translation>Sair de {marketplace} neste computador?</translation>
    </message>
    <message>
        <source>Stay signed &amp;in</source>
        <translation>&amp;Continuar na conta</translation>
    </message>
</context>
<context>
    <name>Span</name>
    <message numerus="yes">
        <source>%n&#xa0;days</source>
        <comment>days</comment>
        <translation>
            <numerusform>%n&#xa0;dia</numerusform>
            <numerusform>%n&#xa0;dias</numerusform>
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
            <numerusform>%n arquivo, {size}</numerusform>
            <numerusform>%n arquivos, {size}</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Save …</source>
        <translation>&amp;Salvar …</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Fechar</translation>
    </message>
    <message>
        <source>Content of the file</source>
        <translation>Conteúdo do arquivo</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Arquivos</translation>
    </message>
    <message>
        <source>Not saved: {reason}. Choose another place.</source>
        <translation>Não foi salvo: {reason}. Escolha outro lugar.</translation>
    </message>
    <message>
        <source>Report for support</source>
        <translation>Relatório para o suporte</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Salvar o relatório</translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation>Salvo: {file}</translation>
    </message>
    <message>
        <source>The report could not be collected.</source>
        <translation>Não foi possível reunir o relatório.</translation>
    </message>
    <message>
        <source>The report could not be saved.</source>
        <translation>Não foi possível salvar o relatório.</translation>
    </message>
    <message>
        <source>The report is being collected …</source>
        <translation>O relatório está sendo reunido …</translation>
    </message>
    <message>
        <source>This is all that the report contains. It is saved where you choose and sent to no one.</source>
        <translation>Isto é tudo o que o relatório contém. Ele é salvo onde você escolher e não é enviado a ninguém.</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Picture taken</source>
        <translation>Captura feita</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Add …</source>
        <translation>&amp;Adicionar …</translation>
    </message>
    <message>
        <source>&amp;Contract</source>
        <translation>&amp;Contrato</translation>
    </message>
    <message>
        <source>&amp;Diary, today {today}</source>
        <translation>&amp;Diário, hoje {today}</translation>
    </message>
    <message>
        <source>&amp;Hide previews</source>
        <translation>&amp;Ocultar prévias</translation>
    </message>
    <message>
        <source>&amp;Keep picture</source>
        <translation>&amp;Manter captura</translation>
    </message>
    <message>
        <source>&amp;Marketplace</source>
        <translation>Plata&amp;forma</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Sair</translation>
    </message>
    <message>
        <source>&amp;Show or cover …</source>
        <translation>&amp;Ver ou cobrir …</translation>
    </message>
    <message>
        <source>&amp;Undo deletion</source>
        <translation>&amp;Desfazer a exclusão</translation>
    </message>
    <message>
        <source>&amp;Web diary</source>
        <translation>Diário na &amp;web</translation>
    </message>
    <message>
        <source>Dele&amp;te picture ({cost})</source>
        <translation>&amp;Excluir captura ({cost})</translation>
    </message>
    <message>
        <source>Last picture {time} …</source>
        <translation>Última captura {time} …</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>Sem gravar</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pausado</translation>
    </message>
    <message>
        <source>Paused, no input</source>
        <translation>Pausado, sem atividade</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Capturas</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Gravando</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>C&amp;onfigurações</translation>
    </message>
    <message>
        <source>Sign &amp;out …</source>
        <translation>Sair da con&amp;ta …</translation>
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
        <translation>offline</translation>
    </message>
    <message>
        <source>{time} today</source>
        <translation>{time} hoje</translation>
    </message>
</context>
<context>
    <name>Update</name>
    <message>
        <source>Workdiary {version} is ready for the next start.</source>
        <translation>O Workdiary {version} está pronto para o próximo início.</translation>
    </message>
</context>
<context>
    <name>Week</name>
    <message numerus="yes">
        <source>%n checked: no errors</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n segmento verificado: sem erros</numerusform>
            <numerusform>%n segmentos verificados: sem erros</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not in the log yet: left out.</source>
        <comment>segments</comment>
        <translation>
            <numerusform>%n segmento ainda não está no log e não foi incluído.</numerusform>
            <numerusform>%n segmentos ainda não estão no log e não foram incluídos.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n parts are missing on this computer.</source>
        <translation>
            <numerusform>Falta %n parte neste computador.</numerusform>
            <numerusform>Faltam %n partes neste computador.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of this week is in the log yet</source>
        <translation>Ainda não há nada desta semana no log</translation>
    </message>
    <message>
        <source>Save the week&apos;s record</source>
        <translation>Salvar o registro da semana</translation>
    </message>
    <message>
        <source>Saved as {file}. Anyone can check it with workdiary-verify.</source>
        <translation>Salvo como {file}. Qualquer pessoa pode verificá-lo com workdiary-verify.</translation>
    </message>
    <message>
        <source>The check found errors</source>
        <translation>A verificação encontrou erros</translation>
    </message>
    <message>
        <source>The week&apos;s record</source>
        <translation>O registro da semana</translation>
    </message>
    <message>
        <source>The week&apos;s record could not be written</source>
        <translation>Não foi possível gravar o registro da semana</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source> memo, activity</source>
        <translation> descrição, atividade</translation>
    </message>
    <message>
        <source> memo, activity, picture</source>
        <translation> descrição, atividade, captura</translation>
    </message>
    <message>
        <source> slot not protected</source>
        <translation> sem proteção</translation>
    </message>
    <message numerus="yes">
        <source>%n active</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n ativo</numerusform>
            <numerusform>%n ativos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>notices</comment>
        <translation>
            <numerusform>mais %n</numerusform>
            <numerusform>mais %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n need attention</source>
        <comment>notices</comment>
        <translation>
            <numerusform>%n precisa de atenção</numerusform>
            <numerusform>%n precisam de atenção</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not measured</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n não medido</numerusform>
            <numerusform>%n não medidos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not recorded</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n não registrado</numerusform>
            <numerusform>%n não registrados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n set aside</source>
        <comment>pieces of work</comment>
        <translation>
            <numerusform>%n separado</numerusform>
            <numerusform>%n separados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, safe on this computer</source>
        <translation>
            <numerusform>%n aguardando, seguro neste computador</numerusform>
            <numerusform>%n aguardando, seguros neste computador</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting, some not on disk yet</source>
        <translation>
            <numerusform>%n aguardando, ainda não todo no disco</numerusform>
            <numerusform>%n aguardando, ainda não todos no disco</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without input</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>%n sem atividade</numerusform>
            <numerusform>%n sem atividade</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancelar</translation>
    </message>
    <message>
        <source>&amp;Continue as before</source>
        <translation>Continuar como &amp;antes</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Excluir</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Manter</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>Pa&amp;usar</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Retomar</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Iniciar</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Parar</translation>
    </message>
    <message>
        <source>&amp;Switch contract</source>
        <translation>&amp;Trocar de contrato</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ver</translation>
    </message>
    <message>
        <source>&amp;View and cover</source>
        <translation>&amp;Ver e cobrir</translation>
    </message>
    <message>
        <source>Accept a contract at the marketplace first</source>
        <translation>Aceite antes um contrato na plataforma</translation>
    </message>
    <message>
        <source>All sent</source>
        <translation>Tudo enviado</translation>
    </message>
    <message>
        <source>Contract</source>
        <translation>Contrato</translation>
    </message>
    <message>
        <source>Contracts appear here</source>
        <translation>Os contratos aparecem aqui</translation>
    </message>
    <message>
        <source>Current ten minutes</source>
        <translation>Dez minutos atuais</translation>
    </message>
    <message numerus="yes">
        <source>Demo at %nx speed. Nothing is billed.</source>
        <translation>
            <numerusform>Demo em velocidade %nx. Nada é cobrado.</numerusform>
            <numerusform>Demo em velocidade %nx. Nada é cobrado.</numerusform>
        </translation>
    </message>
    <message>
        <source>Demo. Nothing is billed.</source>
        <translation>Demo. Nada é cobrado.</translation>
    </message>
    <message>
        <source>Diar&amp;y</source>
        <translation>Diári&amp;o</translation>
    </message>
    <message>
        <source>From now on, time counts for {client}. The time up to now stays on {current}.</source>
        <translation>A partir de agora, o tempo conta para {client}. O tempo até agora fica em {current}.</translation>
    </message>
    <message>
        <source>Input not measured:</source>
        <translation>Atividade não medida:</translation>
    </message>
    <message>
        <source>Joining the marketplace</source>
        <translation>Vinculando à plataforma</translation>
    </message>
    <message>
        <source>Memo</source>
        <translation>Descrição</translation>
    </message>
    <message>
        <source>Memos that you have used appear here</source>
        <translation>Suas descrições usadas aparecem aqui</translation>
    </message>
    <message>
        <source>Minutes: {list}</source>
        <translation>Minutos: {list}</translation>
    </message>
    <message>
        <source>No contract yet</source>
        <translation>Ainda sem contrato</translation>
    </message>
    <message>
        <source>No input,
time does not count</source>
        <translation>Sem atividade,
o tempo não conta</translation>
    </message>
    <message>
        <source>No memo yet:</source>
        <translation>Falta a descrição:</translation>
    </message>
    <message>
        <source>No picture:</source>
        <translation>Sem captura:</translation>
    </message>
    <message>
        <source>Not ready to record</source>
        <translation>Ainda não pronto para gravar</translation>
    </message>
    <message>
        <source>Not recording</source>
        <translation>Sem gravar</translation>
    </message>
    <message>
        <source>Nothing is recorded until you resume</source>
        <translation>Nada é registrado até você retomar</translation>
    </message>
    <message>
        <source>Nothing is recorded until you start again</source>
        <translation>Nada é registrado até você iniciar de novo</translation>
    </message>
    <message>
        <source>Nothing to send yet</source>
        <translation>Ainda nada a enviar</translation>
    </message>
    <message numerus="yes">
        <source>Offline, %n safe here</source>
        <translation>
            <numerusform>Offline, %n seguro</numerusform>
            <numerusform>Offline, %n seguros</numerusform>
        </translation>
    </message>
    <message>
        <source>Offline, all sent</source>
        <translation>Offline, tudo enviado</translation>
    </message>
    <message>
        <source>Opening the diary</source>
        <translation>Abrindo o diário</translation>
    </message>
    <message>
        <source>Over the limit:</source>
        <translation>Acima do limite:</translation>
    </message>
    <message>
        <source>Paused at {time},
time does not count</source>
        <translation>Pausado às {time},
o tempo não conta</translation>
    </message>
    <message>
        <source>Protected time has a memo, measured activity and its pictures, and is within the weekly limit.</source>
        <translation>O tempo protegido tem descrição, atividade medida e suas capturas, e está dentro do limite semanal.</translation>
    </message>
    <message>
        <source>Protected:</source>
        <translation>Protegido:</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <translation>Pronto para iniciar</translation>
    </message>
    <message>
        <source>Recent memos</source>
        <translation>Descrições recentes</translation>
    </message>
    <message>
        <source>Recent memos (Down)</source>
        <translation>Descrições recentes (seta para baixo)</translation>
    </message>
    <message>
        <source>Record on {contract} from now on?</source>
        <translation>Gravar em {contract} a partir de agora?</translation>
    </message>
    <message>
        <source>Recording
since {time}</source>
        <translation>Gravando
desde as {time}</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;Mostrar</translation>
    </message>
    <message>
        <source>Sent, not yet confirmed</source>
        <translation>Enviado, ainda não confirmado</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Configurações</translation>
    </message>
    <message>
        <source>Shows what was recorded today, to change or delete it</source>
        <translation>Mostra o que foi registrado hoje, para alterar ou excluir</translation>
    </message>
    <message>
        <source>Signing out, uploading pending work</source>
        <translation>Saindo da conta, enviando trabalho pendente</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Iniciando</translation>
    </message>
    <message>
        <source>This takes a few seconds at most</source>
        <translation>Leva no máximo alguns segundos</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>Esta semana</translation>
    </message>
    <message>
        <source>Today {time}</source>
        <translation>Hoje {time}</translation>
    </message>
    <message>
        <source>Try &amp;now</source>
        <translation>Tentar a&amp;gora</translation>
    </message>
    <message>
        <source>Waiting for the keyring. Is its dialog open?</source>
        <translation>Aguardando o chaveiro. O diálogo está aberto?</translation>
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
        <translation>Semana {time} de {limit}, faltam {left}</translation>
    </message>
    <message>
        <source>What are you working on?</source>
        <translation>No que está trabalhando?</translation>
    </message>
    <message>
        <source>Write a memo, then press Start</source>
        <translation>Escreva uma descrição e pressione Iniciar</translation>
    </message>
    <message>
        <source>{marketplace}: a demo, nothing is billed</source>
        <translation>{marketplace}: demo, nada é cobrado</translation>
    </message>
    <message>
        <source>{start}–{end}</source>
        <translation>{start}–{end}</translation>
    </message>
</context>
</TS>
