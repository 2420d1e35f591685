"""What stands behind a protected code: opened by two people, with a reason, and by no machine.

Content is sealed under a key of its own. The key is nowhere whole: it lies on a line of which each
named person holds one point, sealed to their public key. Any two points give it. Who wants to open
a record asks with a reason; somebody else opens their own point and seals it to who asked, for this
one request. A person's private key lies under a passphrase that only they know.
"""
