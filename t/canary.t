# The search that other tests rely on finds a value wherever and however it is written.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;
use MIME::Base64 qw(encode_base64 encode_base64url);

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });
my $fcgi = $t->upstream({ body => 'ok' }, port => 3, type => 'fastcgi');

$t->run(<<'EOT');
    server {
        listen 127.0.0.1:%%PORT_0%%;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /fcgi { fastcgi_pass 127.0.0.1:%%PORT_3%%; fastcgi_param WHO $arg_who; }
        location /gone { proxy_pass http://127.0.0.1:%%PORT_9%%; access_log off; }
        location /quiet { return 204; access_log off; }
    }
EOT

my $c = Consent::Test::Canary->new($t, $up, $fcgi);
my $v = $c->value('x');

for (['as it is', $v], ['in other case', uc $v], ['percent', join '', map { sprintf '%%%02x', ord } split //, $v],
    ['percent twice', join '', map { sprintf '%%25%02X', ord } split //, $v],
    ['base64', encode_base64("ab $v", '')], ['base64 at another offset', 'x' . encode_base64("{\"a\":\"$v\"}", '')],
    ['base64url', encode_base64url("{\"sub\":\"$v?\"}")], ['hex', unpack 'H*', $v],
    ['JSON', join '', map { sprintf '\u%04x', ord } split //, $v],
    ['HTML', join '', map { sprintf '&#%d;', ord } split //, $v])
{
    is_deeply([$c->found("a=$_->[1];")], ['x'], $_->[0]);
}

is_deeply([$c->found($c->value('other') =~ s/q7f31z//r)], [], 'what is only like it is not it');
is_deeply([$c->leaks], [], 'nothing anywhere to begin with');

$t->get('/quiet', headers => [X => $v]);
is_deeply([$c->leaks], [], 'what goes nowhere is nowhere');

$t->get('/', headers => [X => $v]);
is_deeply([$c->leaks], ['upstream ' . $up->port . ': x'], 'a header that was received');

$c->clear;
is_deeply([$c->leaks], [], 'and forgotten');

$t->request('POST', '/', body => $v);
is_deeply([$c->leaks], ['upstream ' . $up->port . ': x'], 'a body');
$c->clear;

$t->get("/fcgi?who=$v");
is_deeply([$c->leaks], ['access.log: x', 'upstream ' . $fcgi->port . ': x'], 'a parameter and a log');
$c->clear;

$t->get("/gone?$v");
is_deeply([$c->leaks], ['error.log: x'], 'a line of an error');
$c->clear;

is_deeply([$c->leaks("<p>$v")], ['a text given: x'], 'a text');

done_testing;
