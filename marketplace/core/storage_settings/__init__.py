"""The settings of the engines that store the data of a marketplace."""
