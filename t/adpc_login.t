# ADPC where a login of the portal's own says after the access phase who asks: consent
# is the person's where somebody is logged in, the device's where nobody is.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

$t->upstream(sub {
    my ($r) = @_;
    my ($who) = ($r->header('Cookie') // '') =~ /JSESSIONID=(\w+)/;

    return { headers => ['X-User', $who // ''], body => '' };
}, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        auth_request /login;
        auth_request_set $person $upstream_http_x_user;
        consent_identity subject=$person issuer=portal;
        consent on;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location = /login { internal; auth_request off; proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my ($id) = $t->get('/.privacy/adpc.json')->body =~ /"(identity~\w+)"/;
my @navigate = (headers => ['ADPC', "consent=$id", 'Sec-Fetch-Mode', 'navigate']);

sub categories { return $up->last->header('Consent-Categories') }

# nobody is logged in: the device's

my $r = $t->get('/?pnr=1&q=2', @navigate);
is(categories(), 'identity', 'nobody is logged in: it is in force at once');
is($up->last->uri, '/?pnr=1&q=2', 'and what it grants arrives');

my $device = 'consent=' . $r->cookie('consent');
$t->get('/?pnr=1', cookie => $device);
is($up->last->uri, '/?pnr=1', 'the device keeps it');

$t->get('/?pnr=1', cookie => "$device; JSESSIONID=anna");
is($up->last->uri, '/', 'who logs in there does not inherit it');

# somebody is

$r = $t->get('/?pnr=1&q=2', cookie => 'JSESSIONID=bertil', @navigate);
is(categories(), 'identity', 'somebody is logged in: it is in force at once');
is($up->last->uri, '/?pnr=1&q=2', 'and what it grants arrives');
is($r->cookie('consent'), undef, 'without a cookie');

$t->get('/?pnr=1', cookie => 'JSESSIONID=bertil');
is($up->last->uri, '/?pnr=1', 'it is the person\'s, wherever he logs in');
$t->get('/?pnr=1');
is($up->last->uri, '/', 'and not the device\'s');

done_testing();
