#ifndef NATIVE_TWINS_H
#define NATIVE_TWINS_H
#include <stdint.h>
#endif
