// The C library's mathematics on first use. Only voices, ears and SQL need it, yet as a shared library it
// would be mapped at every start: a tenth of a short command's page faults. Linked into the released program
// alone (cmd/CMakeLists.txt): its functions stand before the system's of the same names and call those.
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

namespace {
void* system_function(const char* name) {
    static void* const library = ::dlopen("libm.so.6", RTLD_LAZY | RTLD_LOCAL);
    void* found = library == nullptr ? nullptr : ::dlsym(library, name);
    if (found != nullptr) return found;
    std::fprintf(stderr, "pbxctl: %s: not in libm.so.6; is libc6 whole?\n", name);
    std::abort();
}

template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(system_function(name));
}

using Of1 = double(double);
using Of2 = double(double, double);
}  // namespace

extern "C" {
double acos(double x) {
    static auto* const call = real<Of1>("acos");
    return call(x);
}
double acosh(double x) {
    static auto* const call = real<Of1>("acosh");
    return call(x);
}
double asin(double x) {
    static auto* const call = real<Of1>("asin");
    return call(x);
}
double asinh(double x) {
    static auto* const call = real<Of1>("asinh");
    return call(x);
}
double atan(double x) {
    static auto* const call = real<Of1>("atan");
    return call(x);
}
double atanh(double x) {
    static auto* const call = real<Of1>("atanh");
    return call(x);
}
double cos(double x) {
    static auto* const call = real<Of1>("cos");
    return call(x);
}
double cosh(double x) {
    static auto* const call = real<Of1>("cosh");
    return call(x);
}
double exp(double x) {
    static auto* const call = real<Of1>("exp");
    return call(x);
}
double log(double x) {
    static auto* const call = real<Of1>("log");
    return call(x);
}
double log10(double x) {
    static auto* const call = real<Of1>("log10");
    return call(x);
}
double sin(double x) {
    static auto* const call = real<Of1>("sin");
    return call(x);
}
double sinh(double x) {
    static auto* const call = real<Of1>("sinh");
    return call(x);
}
double sqrt(double x) {
    static auto* const call = real<Of1>("sqrt");
    return call(x);
}
double tan(double x) {
    static auto* const call = real<Of1>("tan");
    return call(x);
}
double tanh(double x) {
    static auto* const call = real<Of1>("tanh");
    return call(x);
}
double trunc(double x) {
    static auto* const call = real<Of1>("trunc");
    return call(x);
}
double atan2(double x, double y) {
    static auto* const call = real<Of2>("atan2");
    return call(x, y);
}
double fmod(double x, double y) {
    static auto* const call = real<Of2>("fmod");
    return call(x, y);
}
double pow(double x, double y) {
    static auto* const call = real<Of2>("pow");
    return call(x, y);
}
void sincos(double x, double* sine, double* cosine) {
    static auto* const call = real<void(double, double*, double*)>("sincos");
    call(x, sine, cosine);
}
long lround(double x) {
    static auto* const call = real<long(double)>("lround");
    return call(x);
}
long lrintf(float x) {
    static auto* const call = real<long(float)>("lrintf");
    return call(x);
}
int fegetround() {
    static auto* const call = real<int()>("fegetround");
    return call();
}
int fesetround(int mode) {
    static auto* const call = real<int(int)>("fesetround");
    return call(mode);
}
}
