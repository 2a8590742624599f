/* Wine 8 has no bcryptprimitives.dll, from which cryptography takes its random bytes. */
#include <windows.h>

/* RtlGenRandom under the name that advapi32 exports. */
BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}
