.PHONY: lock
lock:  ## write the hash locks anew
	tools/lock.sh
