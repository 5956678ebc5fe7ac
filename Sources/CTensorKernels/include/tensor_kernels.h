#ifndef TENSOR_KERNELS_H
#define TENSOR_KERNELS_H
#include <stdint.h>
#endif
