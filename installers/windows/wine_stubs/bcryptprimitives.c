/* cryptography gets random bytes from bcryptprimitives.dll, which Wine 8 lacks. */
#include <windows.h>

/* RtlGenRandom under the name that advapi32 exports. */
BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}
