# The record, a receipt and erasure, in a browser with a real nginx behind: by
# keyboard alone, in three languages, narrow and dark, with script and without.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Browser;

my $t = Consent::Test->new;

$t->keys;
$t->policy;
$t->upstream({ headers => ['Content-Type' => 'text/plain'], body => 'hello' });

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

browser($t, 'record.mjs');

done_testing;
