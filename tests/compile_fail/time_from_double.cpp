// refused: conversion from 'double' to|no viable conversion
#include "sim/base/units.hpp"

using namespace tessera;

#ifdef TESSERA_MISUSE
const Time t = 1e-9;
#else
const Time t = seconds(1e-9);
#endif
