; The setup program for Windows. nsis.py compiles it and defines: VERSION (three numbers),
; SHOWN_VERSION, TREE, OUT, ICON, SIZE (KiB), COMPANY, SIGN (the command that signs the uninstaller,
; "%1"), COMPRESSOR.
;
; Options of the installer:   /S (silent)  /SERVERURL=https://...  /AUTOSTART=1  /D=folder (last)
; Options of the uninstaller: /S (silent)  /KEEPDATA or /DELETEDATA
; Exit status: 0 done, 1 cancelled, 1602 the program still runs, 1638 a newer version or an MSI
; package is installed. Nothing restarts the computer.

Target amd64-unicode
Unicode true
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "WordFunc.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Workdiary"
!define SETUP "Software\Workdiary\Setup"
!define POLICY "Software\Policies\Workdiary"
!define STILL_RUNS 1602
!define OTHER_VERSION 1638

Name "Workdiary"
OutFile "${OUT}"
RequestExecutionLevel admin
InstallDir "$PROGRAMFILES64\Workdiary"
InstallDirRegKey HKLM "${SETUP}" "folder"
SetCompressor ${COMPRESSOR}
Icon "${ICON}"
UninstallIcon "${ICON}"
ManifestSupportedOS all
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Workdiary"
VIAddVersionKey "CompanyName" "${COMPANY}"
VIAddVersionKey "FileDescription" "Installs Workdiary ${SHOWN_VERSION}"
VIAddVersionKey "FileVersion" "${SHOWN_VERSION}"
VIAddVersionKey "ProductVersion" "${SHOWN_VERSION}"
VIAddVersionKey "LegalCopyright" "${COMPANY}. Apache License 2.0"
!uninstfinalize '${SIGN}'

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

; Shows a sentence and ends the installer with a status.
!macro Refuse STATUS SENTENCE
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  SetErrorLevel ${STATUS}
  Quit
!macroend

; Asks the running program of this user to seal and end. Its exit status is 1 if it goes on; another
; one is that of a program that cannot start, which does not block its repair or removal.
!macro QuitProgram
  ${If} ${FileExists} "$INSTDIR\workdiary.exe"
    StrCpy $0 0
    ExecWait '"$INSTDIR\workdiary.exe" quit' $0
    ${If} $0 = 1
      !insertmacro Refuse ${STILL_RUNS} "Workdiary is still running. Quit it first."
    ${EndIf}
  ${EndIf}
!macroend

; Removes the program's files only, since a chosen folder may contain others. The .exe is first: it
; cannot be deleted while it runs. Windows may hold it for a moment after the program has ended.
!macro RemoveFiles
  StrCpy $1 0
  ${DoWhile} ${FileExists} "$INSTDIR\workdiary.exe"
    ClearErrors
    Delete "$INSTDIR\workdiary.exe"
    ${If} ${Errors}
      IntOp $1 $1 + 1
      ${If} $1 > 40
        !insertmacro Refuse ${STILL_RUNS} "Another user of this computer runs Workdiary."
      ${EndIf}
      Sleep 250
    ${EndIf}
  ${Loop}
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\THIRD_PARTY_LICENSES"
  Delete "$INSTDIR\install-source"
!macroend

; Puts the value of an option, with or without quotes, into $R1, else the value remembered from an
; earlier installation. A value has no spaces. ${GetOptions} would cut an address at its slashes.
!macro Remembered NAME
  ClearErrors
  ${WordFind2X} "$R0 " "/${NAME}=" " " "E+1" $R1
  ${If} ${Errors}
    ReadRegStr $R1 HKLM "${SETUP}" "${NAME}"
  ${Else}
    ${TrimQuotes} $R1 $R1
  ${EndIf}
!macroend

!macro TrimQuotesCall FROM TO
  StrCpy ${TO} ${FROM}
  StrCpy $R8 ${TO} 1
  ${If} $R8 == '"'
    StrCpy ${TO} ${TO} -1 1
  ${EndIf}
!macroend
!define TrimQuotes "!insertmacro TrimQuotesCall"

Function .onInit
  SetRegView 64
  ReadRegStr $0 HKLM "${UNINSTALL}" "DisplayVersion"
  ReadRegStr $1 HKLM "${SETUP}" "version"
  ${If} $0 != ""
    ${VersionCompare} "$1" "${VERSION}" $2
    ${If} $2 = 1
      !insertmacro Refuse ${OTHER_VERSION} "Workdiary $0 is installed, which is newer. Remove it first."
    ${EndIf}
  ${ElseIf} ${FileExists} "$PROGRAMFILES64\Workdiary\workdiary.exe"
    !insertmacro Refuse ${OTHER_VERSION} "An MSI package has installed Workdiary. Remove it first."
  ${EndIf}
FunctionEnd

Section
  SetRegView 64
  SetShellVarContext all
  !insertmacro QuitProgram
  !insertmacro RemoveFiles
  SetOutPath "$INSTDIR"
  File /r "${TREE}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Workdiary.lnk" "$INSTDIR\workdiary.exe"

  ${GetParameters} $R0
  !insertmacro Remembered "SERVERURL"
  ${If} $R1 != ""
    WriteRegStr HKLM "${SETUP}" "SERVERURL" "$R1"
    WriteRegStr HKLM "${POLICY}\Defaults" "marketplace" "$R1"
  ${EndIf}
  !insertmacro Remembered "AUTOSTART"
  ${If} $R1 == "1"
    WriteRegStr HKLM "${SETUP}" "AUTOSTART" "1"
    WriteRegDWORD HKLM "${POLICY}\Defaults" "start_at_login" 1
  ${ElseIf} $R1 != ""
    ReadRegStr $R2 HKLM "${SETUP}" "AUTOSTART"
    ${If} $R2 == "1"
      DeleteRegValue HKLM "${SETUP}" "AUTOSTART"
      DeleteRegValue HKLM "${POLICY}\Defaults" "start_at_login"
    ${EndIf}
  ${EndIf}

  WriteRegStr HKLM "${SETUP}" "folder" "$INSTDIR"
  WriteRegStr HKLM "${SETUP}" "version" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "Workdiary"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${SHOWN_VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayIcon" "$INSTDIR\workdiary.exe"
  WriteRegStr HKLM "${UNINSTALL}" "Publisher" "${COMPANY}"
  WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S /KEEPDATA'
  WriteRegDWORD HKLM "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  SetRegView 64
  !insertmacro QuitProgram
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  SetShellVarContext all
  Delete "$SMPROGRAMS\Workdiary.lnk"

  ; Remove only the policy's values that this installer has set.
  ReadRegStr $R1 HKLM "${SETUP}" "SERVERURL"
  ReadRegStr $R2 HKLM "${POLICY}\Defaults" "marketplace"
  ${If} $R1 != ""
  ${AndIf} $R1 == $R2
    DeleteRegValue HKLM "${POLICY}\Defaults" "marketplace"
  ${EndIf}
  ReadRegStr $R1 HKLM "${SETUP}" "AUTOSTART"
  ${If} $R1 == "1"
    DeleteRegValue HKLM "${POLICY}\Defaults" "start_at_login"
  ${EndIf}
  DeleteRegKey HKLM "${SETUP}"
  DeleteRegKey HKLM "${UNINSTALL}"
  DeleteRegKey /ifempty HKLM "Software\Workdiary"
  DeleteRegKey /ifempty HKLM "${POLICY}\Defaults"
  DeleteRegKey /ifempty HKLM "${POLICY}"

  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/DELETEDATA" $R1
  ${If} ${Errors}
    ClearErrors
    ${GetOptions} $R0 "/KEEPDATA" $R1
    ${If} ${Errors}
      MessageBox MB_YESNO|MB_DEFBUTTON2 "The diary on this computer: records that are not uploaded, \
and the receipts that prove your hours. What was uploaded remains at the marketplace.$\n$\nDelete \
the diary on this computer too?" /SD IDNO IDNO keep
    ${Else}
      Goto keep
    ${EndIf}
  ${EndIf}
  SetShellVarContext current
  RMDir /r "$LOCALAPPDATA\workdiary"
keep:
SectionEnd
