# The consent cookie goes to no upstream under either of its names, whatever the connection: what a browser got over http it
# sends over TLS too, and it opens a record.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

my ($status, $said) = $t->command('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-days', '2', '-subj', '/CN=localhost', '-keyout', $t->path('tls.key'), '-out', $t->path('tls.crt'));
is($status, 0, 'a certificate') or diag $said;

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% ssl;
        ssl_certificate %%DIR%%/tls.crt;
        ssl_certificate_key %%DIR%%/tls.key;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $cookie = $t->decide(level => 'forms');
my $jar = "a=1; $cookie; __Host-$cookie; b=2";

$t->get('/', cookie => $jar);
is($up->last->header('Cookie'), 'a=1; b=2', 'over http');

$t->command('curl', '-sk', '-H', "Cookie: $jar", 'https://127.0.0.1:' . $t->port(2) . '/');
is($up->last->header('Cookie'), 'a=1; b=2', 'over TLS');

done_testing;
