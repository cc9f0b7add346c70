"""The inbox: what channels send is kept as it came, then read object by object, in order of arrival."""
