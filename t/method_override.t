# A request says its method once: headers that say another are dropped while anything is withheld, for what may pass has been
# judged by the method that we see.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        underscores_in_headers on;
        consent on;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /off/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $all = $t->decide(categories => [qw(contact identity location statistics health)]);
my $some = $t->decide(level => 'forms');

for my $name ('X-HTTP-Method-Override', 'x-http-method-override', 'X-HTTP-Method', 'X-Method-Override', 'X_HTTP_METHOD_OVERRIDE') {
    for my $cookie ('', $some) {
        $t->get('/', cookie => $cookie, headers => ['X-A', 1, $name, 'POST', 'X-B', 2]);
        is(scalar(grep { /method/i } $up->last->names), 0, "$name is dropped");
        is(join(' ', map { scalar $up->last->header($_) } 'X-A', 'X-B'), '1 2', 'the others stay');
    }

    $t->get('/', cookie => $all, headers => [$name, 'POST']);
    is($up->last->header($name), 'POST', 'it passes where nothing is withheld');
    $t->get('/off/', headers => [$name, 'POST']);
    is($up->last->header($name), 'POST', 'or where consent is off');
}

done_testing;
