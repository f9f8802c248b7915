# Read by make after nginx's own makefile: which headers each object was made
# from, as the compiler noted it.

-include $(wildcard objs/addon/*/*.d)
