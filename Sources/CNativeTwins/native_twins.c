#include "native_twins.h"
